internal import Application
internal import EventLog
internal import Microblog

/// What a backup file was found to hold when all of it was looked at: every hash, every record's checksum, that the
/// records have no gap and give the chain's value, and that the media are those that the log needs.
struct CheckedBackup {
    let header: BackupHeader
    let totals: BackupTotals
    /// The newest event that is to be restored.
    private(set) var head = LogHead()
    /// The files that the log refers to there.
    private(set) var needs = MediaNeeds()
    /// The last bytes of the file, which stand for all of it.
    let end: [UInt8]
    /// The size of the file.
    let size: UInt64

    /// Whether nothing of the log is left out.
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
    /// Runs `body` over a part, and says of what it finds wrong where that was.
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
    /// Reads all of a part.
    init(whole bytes: UnsafeRawBufferPointer) throws(BackupContentError) {
        var reader = BackupBytes(bytes)
        self = try BackupHeader(&reader)
        try reader.end()
    }
}
