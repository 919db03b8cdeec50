internal import Files
internal import Glibc
internal import Sealing

/// The one directory that holds all data of Martlet, locked for this process. ``DataLayout`` tells what is in it.
public final class DataDirectory: Sendable {
    let layout: DataLayout
    private let descriptor: Int32

    /// Opens and locks a directory.
    ///
    /// - Parameters:
    ///   - create: whether a missing one is made.
    ///   - masterKey: the file of the master key; `nil` if it is in the directory.
    /// - Throws: ``DataDirectoryError``.
    public init(_ path: String, create: Bool, masterKey: String? = nil) throws(DataDirectoryError) {
        let layout = DataLayout(path, masterKey: masterKey)
        if create { try Self.make(layout.path) }
        try layout.requireExistence()
        // This comes before anything is made: a directory that is refused stays as it is.
        try Self.requireLog(layout)
        descriptor = try layout.takeLock()
        self.layout = layout
        // Check again, now that no restore can begin.
        try layout.requireWhole()
        // Removes what is left of a restore that ended between its last two steps.
        rmdir(layout.restoring)
        for part in [log, views, media] { try Self.make(part) }
        try Self.sync(layout.path)
    }

    // The lock is released explicitly. Closing is not enough while a child process that was just forked still holds a
    // copy of the descriptor. The end of the process releases the lock too, however it ends.
    deinit {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Its path.
    public var path: String { layout.path }
    /// Where the events are.
    var log: String { layout.log }
    /// Where the read models are.
    var views: String { layout.views }
    /// Where the uploaded files are.
    var media: String { layout.media }

    /// If the log is missing but views, media or keys are there, the log was lost or left behind. With a new log in its
    /// place, it would look as if nothing referred to them.
    private static func requireLog(_ layout: DataLayout) throws(DataDirectoryError) {
        try layout.requireWhole()
        if access(layout.log + "/head", F_OK) == 0 || access(layout.log + "/data.mdb", F_OK) == 0 { return }
        let media = MediaLayout(root: layout.media)
        let hasFiles = media.shards.contains { !((try? media.names(in: $0)) ?? []).isEmpty }
        let hasKeys = access(layout.keyFiles.keys, F_OK) == 0
        guard access(layout.views + "/current", F_OK) != 0, !hasFiles, !hasKeys else { throw .logMissing(layout.path) }
    }

    private static func sync(_ path: String) throws(DataDirectoryError) {
        do throws(FileError) {
            try Directory.sync(path)
        } catch {
            throw .system(error.action, error.path, error.code)
        }
    }

    /// Makes the data directory, or a directory in it, unless it exists.
    static func make(_ path: String) throws(DataDirectoryError) {
        do throws(FileError) {
            try Directory.make(path)
        } catch {
            throw .system("make", error.path, error.code)
        }
    }
}

extension DataDirectory {
    /// The bytes that each part takes on disk.
    public func bytesOnDisk() -> [(part: String, bytes: Int)] {
        [("log", log), ("views", views), ("media", media)].map { ($0.0, Self.bytes(below: $0.1)) }
    }

    private static func bytes(below path: String) -> Int {
        var sum = 0
        for name in (try? Directory.names(in: path)) ?? [] {
            var status = stat()
            guard lstat(path + "/" + name, &status) == 0 else { continue }
            sum += Int(status.st_blocks) * 512
            if status.st_mode & S_IFMT == S_IFDIR { sum += bytes(below: path + "/" + name) }
        }
        return sum
    }
}

/// Why a data directory cannot be opened.
public enum DataDirectoryError: Error, Sendable, CustomStringConvertible {
    /// There is none.
    case missing(String)
    /// Another process has it open.
    case inUse(String, process: String?)
    /// The log is missing, but what was built from it is there.
    case logMissing(String)
    /// A restore was killed before its end.
    case unfinishedRestore(String)
    /// The system refused an action on a path.
    case system(String, String, Int32)

    /// One line for people, with what to do.
    public var description: String {
        switch self {
        case .missing(let path):
            "there is no data directory \(path); `martlet account create --data \(path) ...` or `martlet import` makes one"
        case .inUse(let path, let process):
            "the data directory \(path) is in use by process \(process ?? "(unknown)"); stop that one first"
        case .logMissing(let path):
            "the log is missing from \(path)/log, but views, media or keys are there: restore log and media from a backup; "
                + "to begin anew, use another directory"
        case .unfinishedRestore(let path):
            "a restore into \(path) was not finished: run `martlet restore --data \(path)` again, which begins anew"
        case .system(let action, let path, let code): "cannot \(action) \(path): \(String(cString: strerror(code)))"
        }
    }
}
