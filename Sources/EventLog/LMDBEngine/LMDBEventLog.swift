import Files
import Glibc
import Journal
import LMDB
public import Sealing
import Threads

/// The log on LMDB, with a journal in front of it: `<directory>/journal/` makes a batch durable, `<directory>/data.mdb`
/// holds the tables that follow from it.
///
/// The writer takes everything that waits, decides it over tables and journal as they will be, and gives a frame to the
/// journal. Meanwhile the next batch gathers, and the one before is being synced. The applier brings the tables up to
/// the journal behind that, a few times a second.
public final class LMDBEventLog: EventLog {
    let slot: EnvironmentSlot
    private let proposals = Mailbox<Proposal>()
    private let path: WritePath<FileJournal<SystemDisk>>
    private let journal: FileJournal<SystemDisk>
    private let waitingLimit: Int
    private let observer: (any FrameObserver)?
    private let threads: Guarded<(writer: OwnedThread, applier: OwnedThread)?>

    public let identity: [UInt8]
    /// Seal and open what is personal in the log.
    public let keys: Keyring
    /// Whether the log was begun by a program that sealed nothing, and was not written anew since. Streams and
    /// fingerprints go on as they began there.
    public let beganPlain: Bool

    /// Opens a log, making it if the directory holds none.
    ///
    /// - Parameters:
    ///   - directory: must exist and belong to this process alone.
    ///   - mapSize: the most bytes that the log may ever hold.
    ///   - configuration: how it goes about writing.
    ///   - observer: hears of the frames on their way to the disk.
    ///   - reportFailure: called on a thread of the log when something could not be stored.
    ///   - openKeys: opens the keys of the log with this identity, which may have to be made if the log is new, that is,
    ///     without events.
    /// - Throws: what `openKeys` throws; `LMDBError`, `LogError`, or ``LogCorruption`` when the log ends before the
    ///   position in its head file.
    public init(
        directory: String, mapSize: Int = 1 << 38, _ configuration: WriteConfiguration = WriteConfiguration(),
        observer: (any FrameObserver)? = nil, reportFailure: @escaping @Sendable (LogError) -> Void = { _ in },
        keys openKeys: (_ identity: [UInt8], _ isNew: Bool) throws -> Keyring
    ) throws {
        let headPath = directory + "/head"
        // The head file comes first, then the rest. So an interrupted opening can be told from a log that lost its
        // data.
        if access(headPath, F_OK) != 0, access(directory + "/data.mdb", F_OK) != 0 { HeadFile.create(path: headPath) }
        let slot = try EnvironmentSlot(path: directory, mapSize: mapSize)
        let headFile = try HeadFile(path: headPath)
        let noted = try headFile.read()
        let tables = try slot.withEnvironment { environment, tables in
            try LMDBEventLog.identify(environment, tables, mayCreate: noted == nil)
        }
        let (journal, log) = try JournalDirectory(ofLog: directory).open(tables)
        do {
            try headFile.check(noted, against: log.head)
            keys = try openKeys(tables.identity, log.head.position == 0)
            try keys.requireAccount(max(tables.newestKey, log.tail.newestKey()))
        } catch {
            journal.close()
            throw error
        }
        headFile.write(log.head.position)
        if noted == nil { headFile.sync() }
        beganPlain = try slot.withEnvironment { environment, _ in
            try environment.readLog { try $0.withRecord(at: 1) { $0.isOfLayoutBefore } ?? false }
        }
        self.slot = slot
        self.journal = journal
        self.observer = observer
        identity = tables.identity
        waitingLimit = configuration.waitingLimit
        do {
            path = try WritePath(
                slot, journal, headFile, log, keys, identity: tables.identity, configuration,
                observer: observer, report: reportFailure)
        } catch {
            journal.close()
            throw error
        }
        let batchLimit = configuration.batchLimit
        threads = Guarded(
            (
                OwnedThread(name: "log-writer") { [proposals, path] in
                    while let batch = proposals.take(limit: batchLimit) { path.decide(batch) }
                    path.settleAll()
                }, OwnedThread(name: "log-applier") { [path] in path.applyUntilClosed() }
            ))
    }

    deinit { close() }

    public var head: LogHead { path.head }
    public var chainHead: ChainHead { get throws { path.chainHead } }

    /// How writing goes.
    public var counts: WriteCounts {
        let (events, bytes) = path.withTail { ($0.recordCount, $0.bytes) }
        let counts = journal.counts
        return WriteCounts(
            unappliedEvents: events, unappliedBytes: bytes, frames: counts.frames, epochs: counts.epochs,
            syncs: counts.syncs, syncTime: counts.syncTime)
    }

    public func submit(_ batch: [Proposal]) {
        let taken = proposals.put(contentsOf: batch, limit: waitingLimit)
        guard taken < batch.count else { return }
        let failure: LogError = proposals.isClosed ? .closed : .overloaded(waiting: waitingLimit)
        for proposal in batch[taken...] { proposal.conclude(.failure(failure)) }
    }

    /// Hands over a proposal as ``submit(_:)`` does, but waits while too many are waiting already. For bulk loads.
    public func submitWaiting(_ proposal: Proposal) {
        if !proposals.putWaiting(proposal, limit: waitingLimit) { proposal.conclude(.failure(.closed)) }
    }

    public func read(after position: Position, limit: Int, _ body: (RecordView) throws -> Void) throws -> Int {
        guard limit > 0 else { return 0 }
        // The tail comes first: what is taken out of it later is in the tables by then.
        let (start, last, frames) = path.withTail { tail -> (Position, Position, [Frame]) in
            let last = tail.last(after: position, limit: limit)
            guard last > max(position, tail.start) else { return (tail.start, last, []) }
            return (tail.start, last, Array(tail.frames(holding: (max(position, tail.start) + 1)...last)))
        }
        guard position < last else { return 0 }
        if position < start {
            _ = try slot.withEnvironment { environment, _ in
                try environment.readLog {
                    try $0.lendRecords(after: position, limit: limit, until: min(start, last), body)
                }
            }
        }
        for frame in frames { try frame.lendRecords(in: (position + 1)...last, body) }
        return Int(last - position)
    }

    public func withRecord<Result>(at position: Position, _ body: (RecordView) throws -> Result) throws -> Result? {
        guard position > 0 else { return nil }
        let (isThere, frame) = path.withTail { tail -> (Bool, Frame?) in
            guard position > tail.start else { return (true, nil) }
            return position <= tail.end ? (true, tail.frames(holding: position...position).first) : (false, nil)
        }
        if let frame {
            return try frame.withRecord(Int(position - frame.firstPosition)) { bytes in
                try body(RecordView(position: position, bytes))
            }
        }
        guard isThere else { return nil }
        return try slot.withEnvironment { environment, _ in
            try environment.readLog { try $0.withRecord(at: position, body) }
        }
    }

    public func withRecords(at positions: [Position], _ body: (RecordView) throws -> Void) throws {
        var rest = positions[...]
        while let first = rest.first {
            // As many as can be read with one cursor: mostly all.
            let start = path.withTail { $0.start }
            let stored = rest.prefix { $0 <= start }
            guard stored.isEmpty else {
                try slot.withEnvironment { environment, _ in
                    try environment.readLog { try $0.withRecords(at: Array(stored), body) }
                }
                rest = rest.dropFirst(stored.count)
                continue
            }
            guard try withRecord(at: first, body) != nil else { throw LogCorruption.missing(first) }
            rest = rest.dropFirst()
        }
    }

    /// Whether ``close()`` was called.
    public var isClosed: Bool { proposals.isClosed }

    public func wait(after position: Position) -> Position? { path.durable.wait(beyond: position) }

    /// Refuses further proposals, completes the waiting ones, and closes. Later calls return at once; so does a call on
    /// a thread of the log, as from a completion: the end of what waits needs that thread.
    public func close() {
        proposals.close()
        guard let threads = threads.withLock({ $0.take() }) else { return }
        let end: @Sendable () -> Void = { [path, journal, observer] in
            threads.writer.join()
            path.close()
            threads.applier.join()
            // All that was applied was forgotten, so an orderly end leaves an empty journal.
            journal.close()
            path.durable.close()
            observer?.closed()
        }
        if journal.isOnThisThread || threads.writer.isThisThread || threads.applier.isThisThread {
            OwnedThread(name: "log-end", end).detach()
        } else {
            end()
        }
    }
}

extension LMDBEventLog {
    /// Reads what a log says about itself. If it is empty and `mayCreate` allows it, makes it a log first.
    static func identify(_ environment: Environment, _ tables: LogTables, mayCreate: Bool) throws -> LogState {
        if let state = try LogState.read(environment) { return state }
        guard mayCreate else { throw LogCorruption.tablesAreGone(from: environment.path) }
        var generator = SystemRandomNumberGenerator()
        let identity = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        try environment.write { transaction in
            try transaction.putFormat(tables)
            try transaction.putMeta("identity", identity, tables)
        }
        return try identify(environment, tables, mayCreate: false)
    }
}

extension LogError {
    /// Classifies an error of the writer's transaction.
    init(_ error: any Error) {
        switch error {
        case let error as LogError: self = error
        case let error as KeyError: self = .keys(error)
        case let error as LMDBError where error.isCorruption: self = .corrupt(LogCorruption(page: error))
        case let error as LMDBError: self = .storage(error)
        case let error as LogCorruption: self = .corrupt(error)
        case JournalError.corrupt(let damage): self = .corrupt(LogCorruption(damage))
        case JournalError.disk(let error): self = .disk(error)
        case JournalError.closed: self = .closed
        case let error as JournalError: self = .journal(error)
        case let error as FileError: self = .disk(error)
        default: self = .corrupt(LogCorruption(position: 0, problem: "\(error)"))
        }
    }
}
