internal import Bytes
internal import Glibc
internal import Hashing
internal import Microblog

/// Reads a backup file from its beginning. It lends only what was checked against a hash, except for media.
final class BackupFileReader {
    let path: String
    private let descriptor: Int32
    /// The whole length of the file, in bytes.
    let size: UInt64
    /// How many bytes have been read so far.
    private(set) var offset: UInt64 = 0
    /// The hash at the end of the newest part. It covers all bytes before it.
    private(set) var lastHash: [UInt8] = []
    private var hash = Blake2b(size: BackupTag.hashSize)
    private var last: BackupTag?
    private var buffer: [UInt8] = []

    /// Opens a file and reads its first bytes.
    init(_ path: String) throws(BackupFileError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", path, errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system("open", path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .system("read", path, status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
        }
        size = UInt64(status.st_size)
        let magic = BackupTag.magic
        let common = magic.count - 2
        try fill(min(magic.count, Int(size)))
        guard buffer.count >= common, buffer.prefix(common) == magic.prefix(common) else { throw .noBackup(path) }
        guard buffer.count == magic.count else { throw .cutOff(path, size: size, within: 0) }
        guard buffer == magic else { throw .format(path, found: String(decoding: buffer, as: UTF8.self)) }
        buffer.withUnsafeBytes { hash.update($0) }
    }

    deinit { close(descriptor) }

    /// A part that was read.
    enum Part {
        /// Its whole contents, already checked.
        case contents(BackupTag, at: UInt64, [UInt8])
        /// A file, whose contents come next: ``readMedia(at:size:_:)``.
        case media(ContentHash, at: UInt64, size: UInt64)
    }

    /// Reads the next part.
    ///
    /// - Returns: `nil` after the end.
    /// - Throws: ``BackupFileError`` when the file was cut off or changed.
    func next() throws(BackupFileError) -> Part? {
        let start = offset
        if last == .end {
            guard offset == size else { throw .tooLong(path, end: offset, size: size) }
            return nil
        }
        try require(BackupTag.headerSize, since: start)
        try fill(BackupTag.headerSize)
        buffer.withUnsafeBytes { hash.update($0) }
        let name = String(decoding: buffer.prefix(BackupTag.byteCount), as: UTF8.self)
        let length = buffer.withUnsafeBytes { $0.bigEndianUInt64(at: BackupTag.byteCount) }
        guard let tag = BackupTag(rawValue: name), tag.order >= last?.order ?? 0, (tag == .header) == (last == nil)
        else {
            throw .altered(path, from: start, to: offset, what: "what kind of part begins there")
        }
        last = tag
        guard length < 1 << 62, length + UInt64(BackupTag.hashSize) <= size - offset else {
            throw .cutOff(path, size: size, within: start)
        }
        if tag == .media {
            guard length >= UInt64(Hash256.byteCount) else {
                throw .altered(path, from: start, to: offset, what: "the length of a media file")
            }
            try fill(Hash256.byteCount)
            buffer.withUnsafeBytes { hash.update($0) }
            guard let content = ContentHash(bytes: buffer) else { preconditionFailure("a hash has 32 bytes") }
            return .media(content, at: start, size: length - UInt64(Hash256.byteCount))
        }
        guard length <= UInt64(BackupTag.largestSize) else {
            throw .altered(path, from: start, to: offset, what: "the length of \(tag.words)")
        }
        try fill(Int(length))
        buffer.withUnsafeBytes { hash.update($0) }
        let contents = buffer
        try checkHash(since: start, tag)
        return .contents(tag, at: start, contents)
    }

    /// Reads the contents of a file. What is lent is not checked until this returns.
    ///
    /// - Returns: their SHA-256.
    func readMedia(
        at start: UInt64, size: UInt64, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> ContentHash? {
        var rest = size
        var content = SHA256()
        while rest > 0 {
            try fill(Int(min(rest, UInt64(BackupTag.fullSize))))
            rest -= UInt64(buffer.count)
            try buffer.withUnsafeBytes { bytes in
                hash.update(bytes)
                content.update(bytes)
                try body(bytes)
            }
        }
        try checkHash(since: start, .media)
        return ContentHash(bytes: content.finish())
    }

    private func checkHash(since start: UInt64, _ tag: BackupTag) throws(BackupFileError) {
        let expected = hash.hashSoFar()
        try fill(BackupTag.hashSize)
        guard buffer == expected else { throw .altered(path, from: start, to: offset, what: tag.words) }
        buffer.withUnsafeBytes { hash.update($0) }
        lastHash = expected
    }

    private func require(_ count: Int, since start: UInt64) throws(BackupFileError) {
        guard UInt64(count) <= size - offset else { throw .cutOff(path, size: size, within: start) }
    }

    /// Reads this many bytes into the buffer.
    private func fill(_ count: Int) throws(BackupFileError) {
        if buffer.count > count { buffer.removeLast(buffer.count - count) }
        if buffer.count < count { buffer.append(contentsOf: repeatElement(0, count: count - buffer.count)) }
        var filled = 0
        while filled < count {
            let got = buffer[filled...].withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw .system("read", path, errno) }
            guard got > 0 else { throw .cutOff(path, size: offset + UInt64(filled), within: offset) }
            filled += got
        }
        offset += UInt64(count)
    }
}
