internal import Bytes
internal import Files
internal import Glibc
internal import LMDB

/// A log that a program before this one wrote: its records are in plain. It is read to be written anew.
///
/// Only the process that owns the directory may use it, and not beside an ``LMDBEventLog``.
public final class FormerLog {
    /// The newest event.
    public let head: LogHead
    /// The value of the hash chain there.
    public let chainHead: ChainHead
    /// The sixteen bytes that identify the log.
    public let identity: [UInt8]
    /// How many bytes the data file takes.
    public let dataSize: Int
    private let directory: String
    private let environment: Environment

    /// Opens the log in a directory, if it has the format before this one.
    ///
    /// - Returns: `nil` when there is no log, or it has this program's format.
    /// - Throws: ``LogCorruption``, `LMDBError`.
    public init?(directory: String) throws {
        let data = directory + "/data.mdb"
        var status = stat()
        guard stat(data, &status) == 0, status.st_size > 0 else { return nil }
        let headFile = try HeadFile(path: directory + "/head", readOnly: true)
        let noted = try headFile.read()
        let environment = try Environment.ofLog(directory, mapSize: 0, durability: .everyCommit, readOnly: true)
        let found = try environment.readLog { pages -> (LogHead, ChainHead, [UInt8])? in
            guard try pages.meta("format") == Array(LogFormat.former.utf8), let identity = try pages.meta("identity")
            else { return nil }
            return (pages.head, try pages.chainHead(identity: identity), identity)
        }
        guard let found else { return nil }
        (head, chainHead, identity) = found
        try headFile.check(noted, against: head)
        dataSize = Int(status.st_size)
        self.directory = directory
        self.environment = environment
    }

    /// Lends all records in order, and then all answers to commands that made no event.
    public func readAll(
        _ record: (RecordView) throws -> Void, _ answer: (RememberedAnswer) throws -> Void
    ) throws {
        try environment.readLog { pages in
            _ = try pages.lendRecords(after: 0, limit: .max, until: pages.head.position, record)
            guard var cursor = try pages.cursor("commands") else { return }
            while let row = try cursor.next() {
                if let found = try RememberedAnswer(row.key, row.value) { try answer(found) }
            }
        }
    }
}

/// How a log of the format before becomes one of this format, so that at every moment one of them is there whole.
public enum LogUpgrade {
    /// A directory for the new data file, beside the old one, empty.
    public static func makeRoom(in directory: String) throws -> String {
        let path = directory + "/upgrade"
        try clear(directory)
        try Directory.make(path)
        return path
    }

    /// Puts the new data file in the place of the old one. The head file stays as it is, because positions do.
    public static func exchange(in directory: String) throws {
        guard rename(directory + "/upgrade/data.mdb", directory + "/data.mdb") == 0 else {
            throw FileError("rename", directory + "/upgrade/data.mdb", code: errno)
        }
        // LMDB's table of readers goes with the data file. It has room already, which a full disk would not give.
        rename(directory + "/upgrade/lock.mdb", directory + "/lock.mdb")
        try Directory.sync(directory)
        try clear(directory)
    }

    /// Removes what an upgrade left that was cut off.
    public static func clear(_ directory: String) throws { try Directory.remove(directory + "/upgrade") }

    /// Keeps the records as they are, and only says that the log has this format.
    public static func keepPlain(in directory: String, mapSize: Int = 1 << 38) throws {
        let environment = try Environment.ofLog(directory, mapSize: mapSize, durability: .everyCommit)
        let tables = try LogTables(environment)
        try environment.write { try $0.putFormat(tables) }
    }
}
