internal import Hashing
internal import LMDB
internal import Sorting

/// Checks everything in a log, at one moment. It may run beside a server that goes on writing the log.
///
/// It checks every record's checksum and layout, that positions have no gap, and that times never go back. It checks
/// the versions in each stream, and the row that names the newest. It checks that each command has its row and that no
/// row is left over. It compares the hash chain with every stored value. It needs a fixed amount of memory and, for a
/// long log, room for temporary files: some 90 bytes for each event.
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
    ///   - expectedChain: a value of the hash chain from elsewhere; the report says where the log has it.
    ///   - memory: the most bytes to sort in.
    ///   - scratch: a directory for temporary files.
    ///   - findingsLimit: the check ends after this many findings.
    ///   - progress: called after every few thousand rows.
    /// - Throws: `LogCorruption` when the pages that lead to the newest event are damaged, `LMDBError`, `SortingError`.
    ///   The report holds everything else that is wrong.
    public static func run(
        _ reader: LogReader, expectedChain: ChainHash? = nil, memory: Int = 64 << 20, scratch: String,
        findingsLimit: Int = 100, progress: @escaping (LogCheckProgress) -> Void = { _ in }
    ) throws -> LogCheckReport {
        let check = LogCheck(reader, expectedChain, memory, scratch, findingsLimit, progress)
        do {
            // This comes before the moment begins, because a server that goes on writing moves both.
            let noted = try HeadFile(path: reader.directory + "/head", readOnly: true).read()
            try reader.environment.readLog { try check.check($0, noted) }
            check.report.isComplete = true
        } catch is TooManyFindings {}
        return check.report
    }

    private func check(_ pages: borrowing LogPages, _ noted: Position?) throws {
        report.head = pages.head
        if let noted, noted > pages.head.position {
            try add(.headFile(noted: noted, head: pages.head.position))
        }
        try checkRecords(pages)
        try checkStreamRows(pages)
        try compareStreams(pages)
        try checkCommands(pages)
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
