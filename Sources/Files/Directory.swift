internal import Glibc

/// Directories.
public enum Directory {
    /// The names in a directory, in no order, without `.` and `..`.
    ///
    /// - Throws: ``FileError`` when it cannot be opened or cannot be read to its end.
    public static func names(in path: String) throws(FileError) -> [String] {
        guard let stream = opendir(path) else { throw FileError("open", path, code: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            // Only errno tells a failure from the end.
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw FileError("read", path, code: errno) }
        return names
    }

    /// Makes a directory unless it is there.
    ///
    /// - Returns: whether it was made.
    @discardableResult
    public static func make(_ path: String) throws(FileError) -> Bool {
        if mkdir(path, 0o750) == 0 { return true }
        guard errno == EEXIST else { throw FileError("make the directory", path, code: errno) }
        return false
    }

    /// Waits until the names in a directory are on the disk. Without this, a power loss may remove the name of a new
    /// file, or bring an old name back.
    public static func sync(_ path: String) throws(FileError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("open", path, code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileError("sync", path, code: errno) }
    }

    /// Removes a directory, if it exists, with the files in it. It does not remove directories in it.
    public static func remove(_ path: String) throws(FileError) {
        if let names = try? names(in: path) {
            for name in names where unlink(path + "/" + name) != 0 {
                throw FileError("remove", path + "/" + name, code: errno)
            }
        }
        guard rmdir(path) == 0 || errno == ENOENT else { throw FileError("remove", path, code: errno) }
    }
}
