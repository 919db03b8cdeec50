internal import Hashing
internal import LMDB
internal import Sorting

/// Checks everything in a log, at one moment. It may run beside a server that goes on writing the log.
///
/// It checks every record's checksum and layout, that positions have no gap, and that times never go back. It checks
/// the versions in each stream, and the row that names the newest. It checks that each command has its row and that no
/// row is left over. It compares the hash chain with every stored value. Then come the frames of the journal that the
/// tables do not hold yet: they are checked as what they will be when they are applied. It needs a fixed amount of memory
/// and, for a long log, room for temporary files: some 90 bytes for each event.
public final class LogCheck {
    let hash = KeyedHash()
    let progress: (LogCheckProgress) -> Void
    let expectedChain: ChainHash?
    let findingsLimit: Int
    let identity: [UInt8]
    let sorter: EntrySorter
    var report = LogCheckReport()
    /// Positions whose events are not known. What is wrong because of them is not a separate finding.
    var unknown: [ClosedRange<Position>] = []
    /// The sums over the commands of events, and over the rows of such commands.
    var commandSums = (events: CommandSum(), rows: CommandSum())
    var areStreamRowsKnown = false
    /// What the records of the tables end with: the time of the newest that could be read, and the chain's value.
    var end: (time: Int64?, chain: ChainHash?) = (nil, nil)
    private let reader: LogReader

    private init(
        _ reader: LogReader, _ expectedChain: ChainHash?, _ memory: Int, _ scratch: String, _ findingsLimit: Int,
        _ progress: @escaping (LogCheckProgress) -> Void
    ) {
        self.reader = reader
        self.expectedChain = expectedChain
        self.findingsLimit = max(findingsLimit, 1)
        self.progress = progress
        identity = reader.identity
        sorter = EntrySorter(memory: memory, directory: scratch)
    }

    /// Checks a log.
    ///
    /// - Parameters:
    ///   - reader: opened for a check.
    ///   - expectedChain: a value of the hash chain from elsewhere; the report says where the log has it.
    ///   - memory: the most bytes to sort in.
    ///   - scratch: a directory for temporary files.
    ///   - findingsLimit: the check ends after this many findings.
    ///   - progress: called after every few thousand rows.
    /// - Throws: `LogCorruption` when the pages that lead to the newest event are damaged, `LMDBError`, `SortingError`,
    ///   `FileError`. The report holds everything else that is wrong.
    public static func run(
        _ reader: LogReader, expectedChain: ChainHash? = nil, memory: Int = 64 << 20, scratch: String,
        findingsLimit: Int = 100, progress: @escaping (LogCheckProgress) -> Void = { _ in }
    ) throws -> LogCheckReport {
        let check = LogCheck(reader, expectedChain, memory, scratch, findingsLimit, progress)
        do {
            try reader.withNewest(answers: true, passesOverDamage: true) { try check.check($0) }
            check.report.isComplete = true
        } catch is TooManyFindings {}
        return check.report
    }

    private func check(_ log: borrowing LogSnapshot) throws {
        report.head = log.head
        if let damage = log.damage { try add(.journal(problem: damage.problem)) }
        if log.isShort { try add(.headFile(noted: log.noted, head: log.head.position)) }
        try checkRecords(log.pages)
        try checkStreamRows(log.pages)
        try compareStreams(log.pages)
        try checkCommands(log.pages)
        try checkTail(log.tail, log.pages)
        try noteChainBefore(log.pages)
    }

    /// A value that was noted before the records were written anew is none of today's chain.
    private func noteChainBefore(_ pages: borrowing LogPages) throws {
        guard let expectedChain, report.expectedChainPosition == nil, let before = try pages.chainBefore(),
            before.hash == expectedChain
        else { return }
        report.expectedChainPosition = before.position
        report.isExpectedChainFormer = true
    }

    func add(_ finding: LogFinding) throws(TooManyFindings) {
        report.findings.append(finding)
        if report.findings.count >= findingsLimit { throw TooManyFindings() }
    }

    /// Whether something about these positions is not known.
    func isUnknown(_ range: ClosedRange<Position>) -> Bool { unknown.contains { $0.overlaps(range) } }

    func tell(_ stage: LogCheckProgress.Stage, _ done: Int, of total: Int) {
        progress(LogCheckProgress(stage: stage, done: done, total: total))
    }

    /// How many rows are looked at between two calls of ``progress``.
    static let stride = 1 << 16
}

/// Ends a check.
struct TooManyFindings: Error {}
