internal import Application
internal import CLinux
internal import Files
internal import Glibc
internal import Sealing

/// The directory that a backup is restored into. Everything is written below `restoring/` and moved from there when it
/// is on the disk. The log is moved last, so a directory with a log and without `restoring/` is whole.
///
/// Dropping it before ``finish()`` removes what was written, and also the directory if it did not exist before.
final class RestoreTarget {
    let layout: DataLayout
    /// Where the parts are written until they are whole.
    let parts: DataLayout
    private var descriptor: Int32 = -1
    private var isNew = false
    private var isFinished = false

    /// Checks a directory, and changes nothing.
    ///
    /// - Parameter masterKey: the file of the master key, which stays where it is; `nil` for a new one in the directory.
    /// - Throws: ``RestoreError`` when it holds anything except the remains of a killed restore.
    init(_ path: String, masterKey: String?) throws {
        layout = DataLayout(path)
        parts = DataLayout(layout.restoring, masterKey: masterKey)
        try requireEmpty()
    }

    deinit {
        guard descriptor >= 0 else { return }
        if !isFinished {
            for path in leftovers { try? FileTree.remove(path) }
            unlink(layout.lock)
            if isNew { rmdir(layout.path) }
        }
        // The lock is released explicitly, as in ``DataDirectory``: a child process may hold a copy of the descriptor.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Makes the directory, takes its lock, and removes what a killed restore left.
    func begin() throws {
        isNew = mkdir(layout.path, 0o750) == 0
        guard isNew || errno == EEXIST else { throw DataDirectoryError.system("make", layout.path, errno) }
        do {
            descriptor = try layout.takeLock()
        } catch {
            if isNew { rmdir(layout.path) }
            throw error
        }
        // Check again, because until now other processes were not locked out.
        do {
            try requireEmpty()
        } catch {
            isFinished = true
            throw error
        }
        for path in leftovers { try FileTree.remove(path) }
        try FileTree.make(layout.restoring)
        // This comes before anything is written, so that the remains can be recognized after a power loss.
        try FileTree.sync(layout.path)
        try FileTree.make(parts.log)
    }

    /// Puts everything in its place, durably.
    func finish() throws {
        try FileTree.sync(layout.restoring, martlet_sync_file_system)
        try move(parts.views, to: layout.views, isOptional: true)
        try move(parts.media, to: layout.media)
        try move(DataLayout(parts.path).keyFiles.masterKey, to: layout.keyFiles.masterKey, isOptional: true)
        try move(parts.keyFiles.keys, to: layout.keyFiles.keys)
        try move(parts.log, to: layout.log)
        isFinished = true
        rmdir(layout.restoring)
        try FileTree.sync(layout.path)
    }

    private func move(_ part: String, to place: String, isOptional: Bool = false) throws {
        guard rename(part, place) == 0 || (errno == ENOENT && isOptional) else {
            throw BackupFileError.system("rename", part, errno)
        }
        // The sync keeps the order even after a power loss.
        try FileTree.sync(layout.path)
    }

    /// What a restore writes. The place of the log comes last, so that it is removed last.
    private var leftovers: [String] {
        [layout.media, layout.views, layout.keyFiles.keys, layout.keyFiles.masterKey, layout.log, layout.restoring]
    }

    private func requireEmpty() throws {
        guard let names = try FileTree.names(in: layout.path) else {
            guard hasParent else { throw DataDirectoryError.system("make", layout.path, ENOENT) }
            return
        }
        var expected: Set<String> = ["lock", "lost+found"]
        if names.contains("restoring"), access(layout.log + "/head", F_OK) != 0 {
            expected.formUnion(["restoring", "media", "views", "keys", "master.key"])
        }
        if let entry = names.sorted().first(where: { !expected.contains($0) }) {
            throw RestoreError.notEmpty(layout.path, entry: entry)
        }
    }

    /// Whether the parent directory exists, so that this one can be made.
    private var hasParent: Bool {
        guard let slash = layout.path.lastIndex(of: "/") else { return true }
        return slash == layout.path.startIndex || access(String(layout.path[..<slash]), F_OK) == 0
    }
}

/// Directories with everything in them.
enum FileTree {
    /// The names in a directory, without `.` and `..`; `nil` if there is no such directory.
    static func names(in path: String) throws(BackupFileError) -> [String]? {
        do throws(FileError) {
            return try Directory.names(in: path)
        } catch {
            if error.code == ENOENT { return nil }
            throw .system("list", error.path, error.code)
        }
    }

    /// Removes a file, or a directory with everything below it, if it exists. Does not follow links.
    static func remove(_ path: String) throws(BackupFileError) {
        if unlink(path) == 0 || errno == ENOENT { return }
        guard errno == EISDIR || errno == EPERM else { throw .system("remove", path, errno) }
        for name in try names(in: path) ?? [] { try remove(path + "/" + name) }
        guard rmdir(path) == 0 || errno == ENOENT else { throw .system("remove", path, errno) }
    }

    /// Makes a directory.
    static func make(_ path: String) throws(BackupFileError) {
        guard mkdir(path, 0o750) == 0 else { throw .system("make", path, errno) }
    }

    /// Makes the names in a directory durable.
    static func sync(_ path: String) throws(BackupFileError) {
        try sync(path, fsync)
    }

    /// Runs a call that waits for the disk, on a directory.
    static func sync(_ path: String, _ call: (Int32) -> Int32) throws(BackupFileError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", path, errno) }
        defer { close(descriptor) }
        guard call(descriptor) == 0 else { throw .system("sync", path, errno) }
    }
}
