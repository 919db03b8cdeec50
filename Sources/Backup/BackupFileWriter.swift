internal import Bytes
internal import CLinux
internal import Files
internal import Glibc
internal import Hashing
internal import Microblog

/// A backup file while it is being written: `FILE.part`. It gets its final name when it is whole and on the disk.
///
/// Dropping the writer before ``finish()`` removes what was written.
final class BackupFileWriter {
    private let path: String
    private let part: String
    private var descriptor: Int32
    private var hash = Blake2b(size: BackupTag.hashSize)
    /// How many bytes have been written so far.
    private(set) var size: UInt64 = 0

    /// Begins a file.
    ///
    /// - Throws: ``BackupFileError`` if it exists, another backup is writing it, or it cannot be made.
    init(_ path: String) throws(BackupFileError) {
        self.path = path
        part = path + ".part"
        var status = stat()
        guard lstat(path, &status) != 0 else { throw .exists(path) }
        descriptor = open(part, O_WRONLY | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw .system("create", part, errno) }
        // What a killed backup left is overwritten. A file that another backup is writing is not.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            descriptor = -1
            throw code == EWOULDBLOCK ? .inUse(part) : .system("lock", part, code)
        }
        guard ftruncate(descriptor, 0) == 0 else { throw .system("empty", part, errno) }
        try write(BackupTag.magic)
    }

    deinit {
        guard descriptor >= 0 else { return }
        unlink(part)
        close(descriptor)
    }

    /// Adds a part.
    func add(_ tag: BackupTag, _ contents: [UInt8]) throws(BackupFileError) {
        try begin(tag, UInt64(contents.count))
        try write(contents)
        try endPart()
    }

    /// Begins a part whose contents come in pieces, by ``write(_:)``, and end with ``endPart()``.
    func begin(_ tag: BackupTag, _ length: UInt64) throws(BackupFileError) {
        var header = Array(tag.rawValue.utf8)
        header.append(bigEndian: length)
        try write(header)
    }

    /// Writes bytes.
    func write(_ bytes: UnsafeRawBufferPointer) throws(BackupFileError) {
        hash.update(bytes)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .system("write to", part, errno) }
            rest = rest.dropFirst(count)
        }
        size += UInt64(bytes.count)
    }

    /// Writes the hash of everything before it.
    func endPart() throws(BackupFileError) {
        try write(hash.hashSoFar())
    }

    private func write(_ bytes: [UInt8]) throws(BackupFileError) {
        try bytes.withUnsafeBufferPointer { bytes throws(BackupFileError) in try write(UnsafeRawBufferPointer(bytes)) }
    }

    /// Gives the file its name, when it is on the disk.
    func finish() throws(BackupFileError) {
        guard fsync(descriptor) == 0 else { throw .system("sync", part, errno) }
        if martlet_rename_new(AT_FDCWD, part, path) != 0 {
            if errno == EEXIST { throw .exists(path) }
            // Some file systems cannot do both in one step.
            var status = stat()
            guard errno == EINVAL || errno == ENOSYS else { throw .system("rename", part, errno) }
            guard lstat(path, &status) != 0 else { throw .exists(path) }
            guard rename(part, path) == 0 else { throw .system("rename", part, errno) }
        }
        close(descriptor)
        descriptor = -1
        let slash = path.lastIndex(of: "/")
        let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        do throws(FileError) {
            try Directory.sync(directory)
        } catch {
            throw .system(error.action, error.path, error.code)
        }
    }
}

extension BackupFileWriter {
    /// Adds an uploaded file.
    ///
    /// - Parameters:
    ///   - descriptor: `size` bytes are read from its beginning.
    ///   - path: used in messages.
    ///   - tell: called now and then.
    /// - Returns: whether the bytes match the hash. If not, the backup is useless.
    func add(
        _ content: ContentHash, _ size: UInt64, from descriptor: Int32, _ path: String, _ tell: () throws -> Void
    ) throws -> Bool {
        try begin(.media, UInt64(Hash256.byteCount) + size)
        try content.rawValue.bytes.withUnsafeBytes { try write($0) }
        var hash = SHA256()
        var rest = size
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: BackupTag.fullSize, alignment: 16)
        defer { room.deallocate() }
        while rest > 0 {
            let count = read(descriptor, room.baseAddress, Int(min(rest, UInt64(room.count))))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw BackupFileError.system("read", path, errno) }
            guard count > 0 else { return false }
            let bytes = UnsafeRawBufferPointer(rebasing: room[..<count])
            hash.update(bytes)
            try write(bytes)
            rest -= UInt64(count)
            try tell()
        }
        try endPart()
        return hash.finish() == content.rawValue.bytes
    }
}
