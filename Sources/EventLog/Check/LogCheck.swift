internal import Hashing
internal import LMDB
internal import Sorting

/// Looks at everything in a log, at one moment, also beside a server that goes on writing it.
///
/// Every record's checksum and layout; positions without a gap, times that never go back; in each stream the versions
/// from 1 on, and a row that names the last of them; each command's row, and no row too many; the hash chain against
/// every stored value. What it needs is fixed memory and, for a long log, room for temporary files: some 90 bytes an
/// event.
public final class LogCheck {
    let hash = KeyedHash()
    let progress: (LogCheckProgress) -> Void
    let expectedChain: ChainHash?
    let findingsLimit: Int
    let identity: [UInt8]
    let sorter: EntrySorter
    var report = LogCheckReport()
    /// Positions whose events are not known: what is wrong because of them is not a finding of its own.
    var unknown: [ClosedRange<Position>] = []
    /// Over the commands of events, and over the rows of such commands.
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
    ///   - findingsLimit: after so many findings it ends.
    ///   - progress: told every so many thousand rows.
    /// - Throws: `LogCorruption` when the way to the newest event is damaged, `LMDBError`, `SortingError`. Everything
    ///   else that is wrong is in the report.
    public static func run(
        _ reader: LogReader, expectedChain: ChainHash? = nil, memory: Int = 64 << 20, scratch: String,
        findingsLimit: Int = 100, progress: @escaping (LogCheckProgress) -> Void = { _ in }
    ) throws -> LogCheckReport {
        let check = LogCheck(reader, expectedChain, memory, scratch, findingsLimit, progress)
        do {
            // Before the moment, since a server that goes on writing moves both.
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

    /// Whether what is known of these positions is not all.
    func isUnknown(_ range: ClosedRange<Position>) -> Bool { unknown.contains { $0.overlaps(range) } }

    func tell(_ stage: LogCheckProgress.Stage, _ done: Int, of total: Int) {
        progress(LogCheckProgress(stage: stage, done: done, total: total))
    }

    /// How many rows are looked at between two calls of ``progress``.
    static let stride = 1 << 16
}

/// Ends a check.
struct TooManyFindings: Error {}
