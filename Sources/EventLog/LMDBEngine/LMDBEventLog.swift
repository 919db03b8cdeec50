import Clocks
import Glibc
import LMDB
import Threads

/// The log on LMDB: one environment in `<directory>/data.mdb`, one writer thread, group commit.
///
/// The writer takes everything that waits, decides it in one write transaction and commits with a full sync. Meanwhile
/// the next batch gathers. So all proposals of a batch share the cost of one sync.
public final class LMDBEventLog: EventLog {
    let slot: EnvironmentSlot
    private let proposals = Mailbox<Proposal>()
    private let durable: Watermark
    private let newest: Guarded<LogHead>
    private let headFile: Guarded<HeadFile>
    private let writer: Guarded<OwnedThread?>
    private let commits = Guarded(0)
    private let waitingLimit: Int
    private let reportFailure: @Sendable (LogError) -> Void

    public let identity: [UInt8]

    /// Opens a log, making it if the directory holds none.
    ///
    /// - Parameters:
    ///   - directory: must exist and belong to this process alone.
    ///   - mapSize: the most bytes that the log may ever hold.
    ///   - waitingLimit: how many proposals may wait before further ones are refused as `overloaded`.
    ///   - batchLimit: how many proposals one commit takes at most. It limits how long the first proposal waits for the
    ///     last, and the memory of a commit. A bulk load wants many: a page that several events change is then written
    ///     once.
    ///   - reportFailure: called on the writer's thread when a batch could not be stored.
    /// - Throws: `LMDBError`, or ``LogCorruption`` when the log ends before the position in its head file.
    public init(
        directory: String, mapSize: Int = 1 << 38, waitingLimit: Int = 16384, batchLimit: Int = 4096,
        reportFailure: @escaping @Sendable (LogError) -> Void = { _ in }
    ) throws {
        let headPath = directory + "/head"
        // The head file comes first, then the rest. So an interrupted opening can be told from a log that lost its
        // data.
        if access(headPath, F_OK) != 0, access(directory + "/data.mdb", F_OK) != 0 { HeadFile.create(path: headPath) }
        let slot = try EnvironmentSlot(path: directory, mapSize: mapSize)
        let headFile = try HeadFile(path: headPath)
        let noted = try headFile.read()
        let state = try slot.withEnvironment { environment, tables in
            let state = try LMDBEventLog.identify(environment, tables, mayCreate: noted == nil)
            try headFile.check(noted, against: state.head)
            return state
        }
        let head = state.head
        headFile.write(head.position)
        if noted == nil { headFile.sync() }
        self.slot = slot
        identity = state.identity
        self.waitingLimit = waitingLimit
        self.reportFailure = reportFailure
        self.headFile = Guarded(headFile)
        durable = Watermark(head.position)
        newest = Guarded(head)
        writer = Guarded(nil)
        // Weak, so that a log that nobody closes can be freed. Its writer lives until then.
        let thread = OwnedThread(name: "log-writer") { [weak self, proposals] in
            while let batch = proposals.take(limit: batchLimit) {
                if let self {
                    self.commit(batch)
                } else {
                    for proposal in batch { proposal.completion(.failure(.closed)) }
                }
            }
        }
        writer.withLock { $0 = thread }
    }

    deinit { close() }

    public var head: LogHead { newest.withLock { $0 } }

    public func submit(_ proposal: Proposal) {
        guard !proposals.put(proposal, limit: waitingLimit) else { return }
        proposal.completion(.failure(proposals.isClosed ? .closed : .overloaded(waiting: waitingLimit)))
    }

    /// Hands over a proposal as ``submit(_:)`` does, but waits while too many are waiting already. For bulk loads.
    public func submitWaiting(_ proposal: Proposal) {
        if !proposals.putWaiting(proposal, limit: waitingLimit) { proposal.completion(.failure(.closed)) }
    }

    public func read(after position: Position, limit: Int, _ body: (RecordView) throws -> Void) throws -> Int {
        let last = head.position
        guard position < last, limit > 0 else { return 0 }
        return try slot.withEnvironment { environment, _ in
            try environment.readLog { try $0.lendRecords(after: position, limit: limit, until: last, body) }
        }
    }

    public func withRecord<Result>(at position: Position, _ body: (RecordView) throws -> Result) throws -> Result? {
        guard position <= head.position else { return nil }
        return try slot.withEnvironment { environment, _ in
            try environment.readLog { try $0.withRecord(at: position, body) }
        }
    }

    public func withRecords(at positions: [Position], _ body: (RecordView) throws -> Void) throws {
        try slot.withEnvironment { environment, _ in
            try environment.readLog { try $0.withRecords(at: positions, body) }
        }
    }

    public var chainHead: ChainHead {
        get throws {
            try slot.withEnvironment { environment, _ in
                try environment.readLog { try $0.chainHead(identity: identity) }
            }
        }
    }

    /// Whether ``close()`` was called.
    public var isClosed: Bool { proposals.isClosed }

    public func wait(after position: Position) -> Position? { durable.wait(beyond: position) }

    /// Makes the thread that waits for events, or the next one to wait, return from ``wait(after:)`` without new
    /// events.
    public func wakeWaiter() { durable.wake() }

    public func close() {
        proposals.close()
        writer.withLock { $0.take() }?.join()
        durable.close()
    }

    private func commit(_ batch: [Proposal]) {
        var outcomes: [Result<Outcome, LogError>] = []
        outcomes.reserveCapacity(batch.count)
        do {
            let forgetsDeadReaders = commits.withLock { commits in
                commits += 1
                return commits % Self.commitsPerLookAtReaders == 1
            }
            let head = try slot.withEnvironment { environment, tables in
                if forgetsDeadReaders { try environment.forgetDeadReaders() }
                return try environment.write { transaction in
                    // This is read again and not remembered: a commit that failed late may have reached the disk after
                    // all.
                    let head = try transaction.logHead(tables)
                    let chain = try transaction.chainHead(at: head.position, identity: identity, tables)
                    let context = LMDBDecisionContext(UnownedTransaction(transaction), tables, head, chain)
                    let now = WallClock.milliseconds
                    for proposal in batch {
                        outcomes.append(
                            try LMDBEventLog.run(proposal, in: transaction, tables, context, now: now))
                    }
                    try transaction.moveChainHead(from: head.position, to: context.chain, tables)
                    return context.newest
                }
            }
            newest.withLock { $0 = head }
            headFile.withLock { $0.write(head.position) }
            durable.advance(to: head.position)
        } catch {
            let failure = LogError(error)
            reportFailure(failure)
            outcomes = batch.map { _ in .failure(failure) }
        }
        for (proposal, outcome) in zip(batch, outcomes) { proposal.completion(outcome) }
    }

    /// A tool that was killed while it read would make the file grow for ever. Looking for such tools costs a system
    /// call or two.
    private static let commitsPerLookAtReaders = 64
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
        case let error as LMDBError where error.isCorruption: self = .corrupt(LogCorruption(page: error))
        case let error as LMDBError: self = .storage(error)
        case let error as LogCorruption: self = .corrupt(error)
        default: self = .corrupt(LogCorruption(position: 0, problem: "\(error)"))
        }
    }
}
