internal import Files
internal import Glibc

/// The key that all other keys are sealed with: 32 bytes in a file of its own, which nobody but its owner can read.
struct MasterKey {
    let key: SealingKey
    /// Where the file is, for messages.
    let path: String
}

extension MasterKey {
    /// Reads the file.
    ///
    /// - Throws: ``KeyError`` when it is missing, others can use it, or it has another size.
    init(_ path: String) throws(KeyError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { throw .masterKeyMissing(path) }
            throw .disk(FileError("open", path, code: errno))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .disk(FileError("ask for the mode of", path, code: errno)) }
        let mode = status.st_mode & 0o777
        guard mode & 0o077 == 0 else { throw .masterKeyExposed(path, mode: mode) }
        guard status.st_size == SealingKey.size else { throw .masterKeySize(path, size: Int(status.st_size)) }
        var key = SealingKey()
        let count = key.withMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        guard count == SealingKey.size else {
            throw .disk(FileError("read", path, code: count < 0 ? errno : EIO))
        }
        self.key = key
        self.path = path
    }

    /// Makes the file, with a new key, unless it is there. It appears when it is whole and on the disk.
    static func make(_ path: String) throws(KeyError) -> MasterKey {
        if access(path, F_OK) == 0 {
            let key = try MasterKey(path)
            try key.syncName()
            return key
        }
        do throws(FileError) {
            let temporary = path + ".new"
            unlink(temporary)
            try write(.random(), to: temporary)
            defer { unlink(temporary) }
            // Unlike a rename, it never takes the place of a key that somebody else has made meanwhile.
            guard link(temporary, path) == 0 || errno == EEXIST else {
                throw FileError("create", path, code: errno)
            }
        } catch {
            throw .disk(error)
        }
        let key = try MasterKey(path)
        try key.syncName()
        return key
    }

    /// Waits until the name of the file is on the disk. Whoever made it may have ended before that.
    func syncName() throws(KeyError) {
        do throws(FileError) { try Directory.sync(Self.directory(of: path)) } catch { throw .disk(error) }
    }

    private static func write(_ key: SealingKey, to path: String) throws(FileError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError("create", path, code: errno) }
        defer { close(descriptor) }
        let count = key.withBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard count == SealingKey.size, fsync(descriptor) == 0 else {
            throw FileError("write", path, code: count >= 0 && count < SealingKey.size ? ENOSPC : errno)
        }
    }

    /// The directory that a file is in.
    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
