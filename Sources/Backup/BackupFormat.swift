internal import Bytes
internal import EventLog
internal import Journal
internal import Microblog

/// The description of a backup file's contents. Big-endian: position (8), time of its event (8), identity of the log
/// (16), value of the hash chain (32), when the backup was made (8), whether read models are in it (1), their position
/// (8).
struct BackupHeader: Equatable {
    static let byteCount = 81

    /// The newest event in it; 0 for a log without events.
    var position: UInt64
    /// That event's time, in milliseconds since 1970 UTC.
    var time: Int64
    /// The identity of the log.
    var identity: [UInt8]
    /// The value of the log's hash chain at the position.
    var chain: ChainHash
    /// When the backup was made, in milliseconds since 1970 UTC.
    var made: Int64
    /// The position of the read models; `nil` if they are not in it.
    var views: UInt64?

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: position)
        bytes.append(bigEndian: time)
        bytes += identity
        chain.withBytes { bytes += $0 }
        bytes.append(bigEndian: made)
        bytes.append(views == nil ? 0 : 1)
        bytes.append(bigEndian: views ?? 0)
        return bytes
    }

    init(head: LogHead, identity: [UInt8], chain: ChainHash, made: Int64, views: UInt64?) {
        position = head.position
        time = head.time
        self.identity = identity
        self.chain = chain
        self.made = made
        self.views = views
    }

    init(_ reader: inout BackupBytes) throws(BackupContentError) {
        position = try reader.integer()
        time = try reader.integer()
        identity = Array(try reader.bytes(16))
        guard let chain = ChainHash(try reader.bytes(ChainHash.byteCount)) else { throw BackupContentError("no chain") }
        self.chain = chain
        made = try reader.integer()
        let hasViews: UInt8 = try reader.integer()
        let views: UInt64 = try reader.integer()
        self.views = hasViews == 1 ? views : nil
        guard hasViews <= 1, views <= position else {
            throw BackupContentError("read models at position \(views) beside a log that ends at \(position)")
        }
    }
}

/// The numbers of things that a backup file holds. Five numbers (8, big-endian) in the order of the fields.
struct BackupTotals: Equatable {
    /// Records of the log.
    var events: UInt64 = 0
    /// Answers to commands without an event.
    var answers: UInt64 = 0
    /// Rows of read models.
    var rows: UInt64 = 0
    /// Uploaded files.
    var files: UInt64 = 0
    /// Uploaded files that should be in it, but were missing when it was made.
    var missing: UInt64 = 0

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for number in [events, answers, rows, files, missing] { bytes.append(bigEndian: number) }
        return bytes
    }

    init() {}

    init(_ reader: inout BackupBytes) throws(BackupContentError) {
        events = try reader.integer()
        answers = try reader.integer()
        rows = try reader.integer()
        files = try reader.integer()
        missing = try reader.integer()
    }
}

/// The parts of a backup file, in the order in which they come; `docs/storage-format.md` gives their bytes.
enum BackupTag: String, CaseIterable {
    /// What is backed up: ``BackupHeader``. Once.
    case header = "head"
    /// Answers to commands that made no event, by idempotency key.
    case answers = "answ"
    /// Rows of the read models.
    case rows = "rows"
    /// Records of the log.
    case events = "evts"
    /// One uploaded file.
    case media = "file"
    /// How many there are of each: ``BackupTotals``. Once; nothing follows.
    case end = "done"

    /// The tag's size, in bytes.
    static let byteCount = 4
    /// The bytes before a part's contents: the tag and the contents' length (8, big-endian).
    static let headerSize = byteCount + 8
    /// The bytes after them: the hash of the file from its beginning.
    static let hashSize = 32

    /// The first bytes of a file. The number is the version of the format.
    static let magic = Array("martlet-backup 1".utf8)
    /// The size at which a part is full. Its last row or record may exceed it, and media may be larger.
    static let fullSize = 1 << 20
    /// The largest contents of a part, except for media. A larger size is damage.
    static let largestSize = 64 << 20

    /// The name in messages.
    var words: String {
        switch self {
        case .header: "the header"
        case .answers: "answers"
        case .rows: "rows of read models"
        case .events: "events"
        case .media: "a media file"
        case .end: "the totals"
        }
    }

    /// Its place in the order of parts.
    var order: Int { Self.allCases.firstIndex(of: self)! }
}
