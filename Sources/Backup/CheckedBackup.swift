internal import Application
internal import EventLog
internal import Journal
internal import Microblog

/// The contents of a backup file after a check of the whole file. The check covers every hash and every record's
/// checksum, that the records have no gap and give the chain's value, and that the media are the ones that the log
/// needs.
struct CheckedBackup {
    let header: BackupHeader
    let totals: BackupTotals
    /// The newest event that will be restored.
    private(set) var head = LogHead()
    /// The files that the log refers to there.
    private(set) var needs = MediaNeeds()
    /// The last bytes of the file: a hash that covers the whole file.
    let end: [UInt8]
    /// The size of the file.
    let size: UInt64

    /// Whether the whole log will be restored.
    var isWhole: Bool { head.position == header.position }

    /// Reads a file from its beginning to its end.
    ///
    /// - Parameter moment: where the restored log is to end; `nil` for all of it.
    /// - Throws: ``BackupFileError``; ``MomentError`` when the backup has no such moment; what `progress` throws.
    init(_ path: String, until moment: Moment?, progress: (BackupProgress) throws -> Void) throws {
        let reader = try BackupFileReader(path)
        guard case .contents(.header, let start, let contents)? = try reader.next() else {
            preconditionFailure("the reader takes nothing else for the first part")
        }
        header = try reader.explain(start) { try contents.withUnsafeBytes { try .init(whole: $0) } }
        var check = BackupCheck(header, until: moment)
        try check.begin()
        while let part = try reader.next() {
            try progress(BackupProgress(stage: .bytes, done: reader.offset, whole: reader.size))
            switch part {
            case .contents(let tag, let start, let contents):
                try reader.explain(start) { try contents.withUnsafeBytes { try check.take(tag, $0) } }
            case .media(let content, let start, let size):
                let found = try reader.readMedia(at: start, size: size) { _ in
                    try progress(BackupProgress(stage: .bytes, done: reader.offset, whole: reader.size))
                }
                try reader.explain(start) { try check.take(content, size: size, hash: found) }
            }
        }
        totals = check.totals
        head = check.head
        needs = check.cut ?? check.needs
        end = reader.lastHash
        size = reader.size
    }
}

extension BackupFileReader {
    /// Runs `body` over a part. If it finds an error, the place of the part is added to it.
    func explain<Result>(_ start: UInt64, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as BackupContentError {
            throw BackupFileError.contradiction(path, at: start, problem: "\(error)")
        } catch let error as LogCorruption {
            throw BackupFileError.contradiction(path, at: start, problem: "\(error)")
        }
    }
}

extension BackupHeader {
    /// Reads the whole part.
    init(whole bytes: UnsafeRawBufferPointer) throws(BackupContentError) {
        var reader = BackupBytes(bytes)
        self = try BackupHeader(&reader)
        try reader.end()
    }
}

/// Checks the parts of a backup file, one after the other, and finds what cannot be right.
struct BackupCheck {
    private let header: BackupHeader
    private let moment: Moment?
    private var last = LogHead()
    private var chain: ChainHash
    private var files: Set<ContentHash> = []
    private var counted = BackupTotals()

    /// The files that the whole log needs, as far as it was read.
    private(set) var needs = MediaNeeds()
    /// The files that the log needs at the moment, once the moment has been read.
    private(set) var cut: MediaNeeds?
    /// The newest event up to the moment.
    private(set) var head = LogHead()
    /// The totals at the end of the file.
    private(set) var totals = BackupTotals()

    init(_ header: BackupHeader, until moment: Moment?) {
        self.header = header
        self.moment = moment
        chain = ChainHash(identity: header.identity)
    }

    /// Checks whether the backup reaches the moment.
    func begin() throws {
        guard let moment else { return }
        guard header.position > 0 else { throw MomentError.emptyLog(moment) }
        if case .position(let position) = moment, position > header.position {
            throw MomentError.beyondNewest(position, newest: header.position, time: Timestamp(header.time))
        }
    }

    mutating func take(_ tag: BackupTag, _ contents: UnsafeRawBufferPointer) throws {
        switch tag {
        case .header: throw BackupContentError("there is a header already")
        case .answers: try contents.eachAnswer { _ in counted.answers += 1 }
        case .rows: try contents.eachRow { _, _ in counted.rows += 1 }
        case .events: try contents.eachRecord(after: last.position) { try take($0) }
        case .media: preconditionFailure("media are not read at once")
        case .end: try end(contents)
        }
    }

    mutating func take(_ content: ContentHash, size: UInt64, hash: ContentHash?) throws(BackupContentError) {
        try endEvents()
        guard hash == content else { throw BackupContentError("the file \(content) has another SHA-256") }
        guard needs.isNeeded(content), files.insert(content).inserted else {
            throw BackupContentError("the file \(content) is not needed, or there already")
        }
        counted.files += 1
    }

    private mutating func take(_ record: RecordView) throws {
        guard record.time >= last.time || last.position == 0 else {
            throw BackupContentError("the event at position \(record.position) is older than the one before it")
        }
        let head = LogHead(position: record.position, time: record.time)
        switch moment {
        case nil: self.head = head
        case .position(let end)? where head.position <= end: self.head = head
        case .time(let end)? where head.time <= end.milliseconds: self.head = head
        case .time(let end)? where head.position == 1:
            throw MomentError.beforeFirst(end, first: Timestamp(head.time))
        default: if cut == nil { cut = needs }
        }
        last = head
        chain.append(record.bytes)
        try needs.take(record)
        counted.events += 1
    }

    private func endEvents() throws(BackupContentError) {
        guard last.position == header.position, last.time == header.time else {
            throw BackupContentError("the records end at position \(last.position), not at \(header.position)")
        }
        guard chain == header.chain else {
            throw BackupContentError("the records give the hash chain \(chain), not \(header.chain)")
        }
    }

    private mutating func end(_ contents: UnsafeRawBufferPointer) throws(BackupContentError) {
        try endEvents()
        var reader = BackupBytes(contents)
        totals = try BackupTotals(&reader)
        try reader.end()
        counted.missing = totals.missing
        guard counted == totals, counted.files + counted.missing == UInt64(needs.needed.count) else {
            throw BackupContentError("\(counted) was read where \(totals) was written")
        }
    }
}
