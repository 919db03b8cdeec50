internal import Glibc

/// Directories with all that is in them.
enum FileTree {
    /// The names in a directory, but for `.` and `..`; `nil` if there is no such directory.
    static func names(in path: String) throws(BackupFileError) -> [String]? {
        guard let stream = opendir(path) else {
            if errno == ENOENT { return nil }
            throw .system("list", path, errno)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Removes a file, or a directory with everything below it, if it is there. Follows no links.
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
