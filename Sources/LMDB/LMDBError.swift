import CLMDB
import Glibc

/// A call into LMDB that did not succeed: what was tried, on what, and LMDB's own reason.
public struct LMDBError: Error, CustomStringConvertible, Sendable {
    /// LMDB's return code: an `MDB_*` value (negative) or an `errno` (positive); or ``cutShort``, ``damagedPage``.
    public let code: Int32
    /// The C function that failed.
    public let operation: StaticString
    /// The table or directory that it worked on.
    public let subject: String
    private let detail: String

    /// Describes a failed call.
    public init(code: Int32, operation: StaticString, subject: String) {
        self.code = code
        self.operation = operation
        self.subject = subject
        detail = ""
    }

    /// Makes the error for a page that is not what it should be.
    init(page: UInt64, of file: String, _ problem: String) {
        code = Self.damagedPage
        operation = "reading"
        subject = file
        detail = "page \(page) \(problem)"
    }

    /// Makes the error for a table that does not exist.
    init(missing table: String) {
        self.init(code: MDB_NOTFOUND, operation: "opening", subject: table)
    }

    /// One line for a log: operation, subject, reason.
    public var description: String {
        code == Self.damagedPage ? "\(subject): \(detail)" : "\(operation) on \(subject): \(reason)"
    }

    /// The words for ``code``: LMDB's words, except for our own codes.
    public var reason: String {
        switch code {
        case Self.cutShort: "the file ends before its last page"
        case Self.damagedPage: detail
        default: String(cString: mdb_strerror(code))
        }
    }

    /// A ``code`` of our own, beside LMDB's: the data file was cut short.
    public static let cutShort: Int32 = -30_700
    /// A ``code`` of our own: a page of the data file is damaged.
    public static let damagedPage: Int32 = -30_701

    /// Whether there was no room: on the disk, or in the environment's map.
    ///
    /// A full tmpfs answers `EIO` where a disk answers `ENOSPC`, so both count.
    public var isOutOfSpace: Bool { [MDB_MAP_FULL, ENOSPC, EDQUOT, EIO].contains(code) }

    /// Whether the environment must be closed and opened again before it can be used (after a failed write of a meta
    /// page).
    public var needsReopening: Bool { code == MDB_PANIC }

    /// Whether a table to open does not exist.
    public var isMissingTable: Bool { code == MDB_NOTFOUND }

    /// Whether the file does not hold what LMDB wrote.
    public var isCorruption: Bool {
        let codes = [MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_INVALID, MDB_VERSION_MISMATCH, MDB_BAD_TXN]
        return codes.contains(code) || code == Self.cutShort || code == Self.damagedPage
    }
}

/// Turns every return code of LMDB other than success into an ``LMDBError``.
@inline(__always)
func check(_ code: Int32, _ operation: StaticString, _ subject: @autoclosure () -> String) throws(LMDBError) {
    guard code == MDB_SUCCESS else { throw LMDBError(code: code, operation: operation, subject: subject()) }
}
