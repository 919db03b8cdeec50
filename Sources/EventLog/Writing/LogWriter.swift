internal import Bytes
internal import Journal
internal import LMDB
internal import Sealing

/// Decides proposals, and makes frames of what comes of them. It has no thread and no file: whoever drives it lends it a
/// snapshot of the tables for each batch, and appends the frames to a journal, in order.
///
/// It decides over the log as it will be: the tables, and in front of them all frames that they lack, also those that
/// are not durable yet. So its answers must wait for the frames that were made before them. When one of these fails,
/// everything that was decided after it is void: a new writer goes on from what is durable.
final class LogWriter: DecisionContext {
    /// The newest event that was decided.
    private(set) var newest: LogHead
    private(set) var time: Int64
    /// Why a question could not be answered; the batch must be given up then.
    private(set) var failure: (any Error)?

    private let keys: Keyring
    private var tail: Tail
    private var rows = UnappliedRows()
    /// How many frames were made, and how many of them the tables have.
    private var frameCount: Int
    private var appliedCount: Int
    private var frame: FrameBuilder
    private var finished: [DecidedFrame] = []
    /// Of the streams of the event that is being appended.
    private var versions: [Version] = []
    private var tables: (transaction: UnownedTransaction, tables: LogTables)?

    /// Goes on where a log ends.
    ///
    /// - Parameters:
    ///   - state: what is durable.
    ///   - keys: seal what is personal.
    /// - Throws: ``LogCorruption`` when a record is damaged.
    init(_ state: DurableLog, _ keys: Keyring) throws {
        self.keys = keys
        newest = state.head
        time = state.head.time
        tail = state.tail
        appliedCount = state.appliedCount
        frameCount = state.appliedCount + state.tail.frames.count
        frame = FrameBuilder(after: state.head.position, chain: state.chain.hash)
        for frame in state.tail.frames { try rows.add(frame) }
    }

    /// How much there is that the tables lack: events and bytes.
    var unapplied: (events: Int, bytes: Int) { (tail.recordCount, tail.bytes) }

    /// Lets go of what the tables have by now. The next snapshot must be taken after this was known.
    ///
    /// - Parameter count: how many frames were applied, of all that were ever made.
    func forget(applied count: Int) {
        guard count > appliedCount else { return }
        tail.removeFirst(count - appliedCount)
        appliedCount = count
        rows.forget(count, of: frameCount)
    }

    /// Decides proposals over a snapshot, which is used until `body` ends.
    func over(
        _ transaction: borrowing some Transaction & ~Copyable, _ tables: LogTables, _ body: () throws -> Void
    ) rethrows {
        self.tables = (UnownedTransaction(transaction), tables)
        defer { self.tables = nil }
        try body()
    }

    /// Decides a proposal.
    ///
    /// - Returns: its outcome, or the reason why this proposal alone fails.
    /// - Throws: an error that ends the batch: a failure of the storage, or damage. This writer is of no use then.
    func run(_ proposal: Proposal, now: Int64) throws -> Result<Outcome, LogError> {
        let commandKey = proposal.idempotency?.tableKey
        if let commandKey, let idempotency = proposal.idempotency,
            let known = try recall(commandKey, idempotency, proposal)
        {
            return known
        }
        time = max(proposal.time ?? now, newestTime)
        let decision = proposal.proposer.decide(proposal.number, over: self)
        if let failure { throw failure }
        switch decision {
        case .refuse(let answer):
            return .success(.nothing(answer: answer, asOf: newest.position))
        case .nothing(let answer):
            if let commandKey, let idempotency = proposal.idempotency {
                let row = CommandRow.bytes(idempotency, position: 0, answer: answer)
                guard add(answer: row, commandKey) else { return .failure(.tooLarge(bytes: row.count)) }
                rows.set(command: commandKey, row)
            }
            return .success(.nothing(answer: answer, asOf: newest.position))
        case .append(let event):
            if let problem = try append(event, of: proposal) { return .failure(problem) }
            if let commandKey, let idempotency = proposal.idempotency {
                rows.set(command: commandKey, CommandRow.bytes(idempotency, position: newest.position))
            }
            return .success(.appended(newest.position))
        }
    }

    /// The frames that are full.
    func takeFinished() -> [DecidedFrame] {
        guard !finished.isEmpty else { return [] }
        defer { finished.removeAll() }
        return finished
    }

    /// The last frame of a batch; `nil` if nothing is in it.
    func takeLast() -> DecidedFrame? {
        guard !frame.isEmpty else { return nil }
        finishFrame()
        return finished.popLast()
    }

    private func finishFrame() {
        var next = FrameBuilder(after: newest.position, chain: frame.chain)
        swap(&next, &frame)
        let done = next.finish()
        tail.append(done)
        frameCount += 1
        finished.append(DecidedFrame(frame: done, newest: newest))
    }

    private func append(_ event: NewEvent, of proposal: Proposal) throws -> LogError? {
        let position = nextPosition
        versions.removeAll(keepingCapacity: true)
        for stream in event.streams {
            let version = try storedHead(of: stream.name)?.version ?? 0
            if let read = stream.read, read != version {
                return .conflict(stream: stream.name, read: read, actual: version)
            }
            versions.append(version + 1)
        }
        do {
            try RecordLayout.withEncoded(
                event, versions: versions, position: position, time: time, idempotency: proposal.idempotency,
                sealing: keys
            ) { record in
                if frame.add(record: record) { return }
                // Another frame has room, unless no frame has.
                if !frame.isEmpty { finishFrame() }
                guard frame.add(record: record) else { throw LogError.tooLarge(bytes: record.count) }
            }
        } catch let error as LogError {
            return error
        } catch let error as KeyError {
            // It concerns this account alone: nothing was added.
            return .keys(error)
        }
        for (index, stream) in event.streams.enumerated() {
            rows.set(StreamHead(version: versions[index], position: position, type: event.type), of: stream.name)
        }
        newest = LogHead(position: position, time: time)
        return nil
    }

    private func add(answer: [UInt8], _ key: [UInt8]) -> Bool {
        key.withUnsafeBytes { key in
            answer.withUnsafeBytes { answer in
                if frame.add(answer: answer, key: key) { return true }
                if !frame.isEmpty { finishFrame() }
                return frame.add(answer: answer, key: key)
            }
        }
    }

    private func recall(
        _ key: [UInt8], _ idempotency: Idempotency, _ proposal: Proposal
    ) throws -> Result<Outcome, LogError>? {
        func repeated(_ row: CommandRow) -> Result<Outcome, LogError> {
            guard row.fingerprint.elementsEqual(idempotency.fingerprint) else {
                let key = String(decoding: idempotency.key, as: UTF8.self)
                return .failure(.idempotencyKeyReused(actor: idempotency.actor, key: key))
            }
            proposal.proposer.recall(proposal.number, at: row.position)
            return .success(.repeated(row.position, answer: Array(row.answer)))
        }
        if let row = rows.command(key) {
            return try key.withUnsafeBytes { key in
                try row.withUnsafeBytes { row in repeated(try CommandRow(key: key, row)) }
            }
        }
        guard let tables, let row = try tables.transaction.command(key, tables.tables) else { return nil }
        return repeated(row)
    }

    private func storedHead(of stream: StreamName) throws -> StreamHead? {
        if let head = rows.head(of: stream) { return head }
        guard let tables else { return nil }
        return try tables.transaction.head(of: stream, tables.tables)
    }

    // MARK: What a decision may ask

    var nextPosition: Position { newest.position + 1 }
    var newestTime: Int64 { newest.time }

    func head(of stream: StreamName) -> StreamHead? {
        do {
            return try storedHead(of: stream)
        } catch {
            failure = error
            return nil
        }
    }

    func withRecord<Result>(at position: Position, _ body: (RecordView) -> Result?) -> Result? {
        do {
            guard position > tail.start else {
                guard let tables,
                    let bytes = try position.withBigEndianBytes({
                        try tables.transaction.get(tables.tables.events, $0)
                    })
                else { return nil }
                return body(try RecordView(position: position, bytes))
            }
            if position <= tail.end { return try tail.withRecord(at: position) { body($0) } ?? nil }
            guard position <= newest.position else { return nil }
            return try frame.withRecord(Int(position - tail.end - 1)) { bytes in
                body(try RecordView(position: position, bytes))
            }
        } catch {
            failure = error
            return nil
        }
    }
}
