internal import Files
internal import Glibc

/// A directory for read models that are needed for a while. It lies below a data directory, because there is room for
/// them, and is removed with its owner.
///
/// If a process was killed, nobody holds the lock of its directory any more. The next process finds it by that and
/// removes it.
final class Scratch: Sendable {
    /// Where it is.
    let path: String
    private let lock: Int32

    /// Makes an empty one, and removes the unused ones.
    ///
    /// - Throws: ``DataDirectoryError`` when the system refuses.
    init(in layout: DataLayout) throws(DataDirectoryError) {
        try DataDirectory.make(layout.scratch)
        Self.clear(layout)
        let path = "\(layout.scratch)/\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        try DataDirectory.make(path)
        let lockPath = path + "/lock"
        lock = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 else { throw .system("lock", lockPath, errno) }
        self.path = path
    }

    deinit {
        Self.remove(path)
        close(lock)
    }

    /// Removes what killed processes left in a data directory.
    static func clear(_ layout: DataLayout) {
        for name in names(in: layout.scratch) {
            let path = layout.scratch + "/" + name
            let descriptor = open(path + "/lock", O_RDWR | O_CLOEXEC)
            // Without a lock file, the process was killed before it made one, or while the directory was being removed.
            guard descriptor >= 0 else {
                if errno == ENOENT { rmdir(path) }
                continue
            }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { remove(path) }
            close(descriptor)
        }
    }

    /// The lock file goes last. While it is there, the rest can be found and removed.
    private static func remove(_ path: String) {
        for name in names(in: path) where name != "lock" {
            let entry = path + "/" + name
            if unlink(entry) == 0 { continue }
            remove(entry)
        }
        unlink(path + "/lock")
        rmdir(path)
    }

    private static func names(in path: String) -> [String] { (try? Directory.names(in: path)) ?? [] }
}
