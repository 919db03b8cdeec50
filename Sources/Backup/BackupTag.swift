/// The parts of a backup file, in the order in which they come; `docs/storage-format.md` gives their bytes.
enum BackupTag: String, CaseIterable {
    /// What is backed up: ``BackupHeader``. Once.
    case header = "head"
    /// Answers to commands that led to no event, by idempotency key.
    case answers = "answ"
    /// Rows of the read models.
    case rows = "rows"
    /// Records of the log.
    case events = "evts"
    /// One uploaded file.
    case media = "file"
    /// How much there was of each: ``BackupTotals``. Once; nothing follows.
    case end = "done"

    /// The tag's size, in bytes.
    static let byteCount = 4
    /// What stands before a part's contents: the tag and the contents' length (8, big-endian).
    static let headerSize = byteCount + 8
    /// What stands after them: the hash of the file from its beginning.
    static let hashSize = 32

    /// The first bytes of a file; the number is the format's.
    static let magic = Array("martlet-backup 1".utf8)
    /// So large are the contents of a part, but for the last row or record in it, and for media.
    static let fullSize = 1 << 20
    /// So large are they at most, but for media: whatever says more is damage.
    static let largestSize = 64 << 20

    /// In messages.
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

    /// Where it comes in the file.
    var order: Int { Self.allCases.firstIndex(of: self)! }
}
