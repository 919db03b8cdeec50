internal import Application
internal import EventLog
internal import Microblog

/// Looks at the parts of a backup file, one after the other, and finds what cannot be right.
struct BackupCheck {
    private let header: BackupHeader
    private let moment: Moment?
    private var last = LogHead()
    private var chain: ChainHash
    private var files: Set<ContentHash> = []
    private var counted = BackupTotals()

    /// The files that the whole log needs, as far as it was read.
    private(set) var needs = MediaNeeds()
    /// Those that it needs at the moment, once that is behind.
    private(set) var cut: MediaNeeds?
    /// The newest event up to the moment.
    private(set) var head = LogHead()
    /// What the end of the file says.
    private(set) var totals = BackupTotals()

    init(_ header: BackupHeader, until moment: Moment?) {
        self.header = header
        self.moment = moment
        chain = ChainHash(identity: header.identity)
    }

    /// Looks whether the backup reaches the moment at all.
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
