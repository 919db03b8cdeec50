internal import Glibc

/// The one directory that holds all of Martlet's data, locked for this process.
///
///     lock      the id of the process that has it open
///     log/      the events: the truth
///     views/    the read models: can be built again
///     media/    uploaded files, by content
public final class DataDirectory: Sendable {
    /// Its path.
    public let path: String
    private let descriptor: Int32

    /// Opens and locks a directory.
    ///
    /// - Parameter create: whether a missing one is made.
    /// - Throws: ``DataDirectoryError``.
    public init(_ path: String, create: Bool) throws(DataDirectoryError) {
        let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        if create { try Self.make(path) }
        guard access(path, F_OK) == 0 else { throw .missing(path) }
        let lockPath = path + "/lock"
        let descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw .system("open", lockPath, errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let holder = Self.holder(descriptor)
            close(descriptor)
            throw code == EWOULDBLOCK ? .inUse(path, process: holder) : .system("lock", lockPath, code)
        }
        let line = Array("\(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        pwrite(descriptor, line, line.count, 0)
        self.path = path
        self.descriptor = descriptor
        for part in [log, views, media] { try Self.make(part) }
        try requireLog()
        try Self.sync(path)
    }

    // Unlocked by name, since closing is not enough while a child process that was just forked still holds a copy of the
    // descriptor. The end of the process gives the lock back too, however it comes.
    deinit {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Where the events are.
    var log: String { path + "/log" }
    /// Where the read models are.
    var views: String { path + "/views" }
    /// Where the uploaded files are.
    var media: String { path + "/media" }

    /// A log that is gone beside views and media that are not was lost or left behind: a new one in its place would make
    /// everything else look as if nothing referred to it.
    private func requireLog() throws(DataDirectoryError) {
        if access(log + "/head", F_OK) == 0 || access(log + "/data.mdb", F_OK) == 0 { return }
        let layout = MediaLayout(root: media)
        let hasFiles = layout.shards.contains { !((try? layout.names(in: $0)) ?? []).isEmpty }
        guard access(views + "/current", F_OK) != 0, !hasFiles else { throw .logMissing(path) }
    }

    private static func sync(_ path: String) throws(DataDirectoryError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", path, errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system("sync", path, errno) }
    }

    private static func make(_ path: String) throws(DataDirectoryError) {
        guard mkdir(path, 0o750) == 0 || errno == EEXIST else { throw .system("make", path, errno) }
    }

    private static func holder(_ descriptor: Int32) -> String? {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let digits = bytes.prefix(max(count, 0)).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return digits.isEmpty ? nil : String(decoding: digits, as: UTF8.self)
    }
}

/// Why a data directory cannot be opened.
public enum DataDirectoryError: Error, Sendable, CustomStringConvertible {
    /// There is none.
    case missing(String)
    /// Another process has it open.
    case inUse(String, process: String?)
    /// The log is gone, but not what was built from it.
    case logMissing(String)
    /// The system said no to an action on a path.
    case system(String, String, Int32)

    /// One line for people, with what to do.
    public var description: String {
        switch self {
        case .missing(let path):
            "there is no data directory \(path); `martlet account create --data \(path) ...` or `martlet import` makes one"
        case .inUse(let path, let process):
            "the data directory \(path) is in use by process \(process ?? "(unknown)"); stop that one first"
        case .logMissing(let path):
            "the log is missing from \(path)/log, but views or media are there: restore log and media from a backup; "
                + "to begin anew, use another directory"
        case .system(let action, let path, let code): "cannot \(action) \(path): \(String(cString: strerror(code)))"
        }
    }
}
