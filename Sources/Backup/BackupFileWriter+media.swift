internal import Glibc
internal import Hashing
internal import Microblog

extension BackupFileWriter {
    /// Adds an uploaded file.
    ///
    /// - Parameters:
    ///   - descriptor: is read from its beginning for `size` bytes.
    ///   - path: for messages.
    ///   - tell: called now and then.
    /// - Returns: whether the bytes were what the hash says; if not, the backup is of no use.
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
