internal import Bytes
internal import Hashing

/// The bytes of a record, as `docs/storage-format.md` describes them. All integers are big-endian.
///
///     offset  size
///     0       1     layout (1)
///     1       1     event type
///     2       1     schema version of the payload
///     3       1     number of streams n (1...)
///     4       2     length of the command field c (0: none)
///     6       2     zero
///     8       8     time, milliseconds since 1970 UTC
///     16      8     actor (0: the operator)
///     24      4     length of the payload p
///     28      4     length of the personal fields s
///     32      ...   n times: version (8), length of the name (2), name
///             c     command: whose key (8), fingerprint (16), idempotency key
///             p     payload
///             s     personal fields
///             4     CRC32C of the position (8 bytes) and of everything above
enum RecordLayout {
    static let layout: UInt8 = 1
    static let headerSize = 32
    static let streamHeaderSize = 10
    static let checksumSize = 4
    /// If there is a command field, its key has at least one byte.
    static let commandSizes =
        (8 + Idempotency.fingerprintSize + 1)...(8 + Idempotency.fingerprintSize + Idempotency.longestKey)

    /// Lends the encoded record.
    static func withEncoded<Result>(
        _ event: NewEvent, versions: [Version], position: Position, time: Int64, idempotency: Idempotency?,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        let commandSize = idempotency.map { 8 + $0.fingerprint.count + $0.key.count } ?? 0
        let streamsSize = event.streams.reduce(0) { $0 + streamHeaderSize + $1.name.bytes.count }
        let size = headerSize + streamsSize + commandSize + event.payload.count + event.personal.count + checksumSize
        return try withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { bytes in
            bytes[0] = layout
            bytes[1] = event.type
            bytes[2] = event.schema
            bytes[3] = UInt8(event.streams.count)
            bytes.storeBigEndian(UInt16(commandSize), at: 4)
            bytes.storeBigEndian(UInt16(0), at: 6)
            bytes.storeBigEndian(time, at: 8)
            bytes.storeBigEndian(event.actor, at: 16)
            bytes.storeBigEndian(UInt32(event.payload.count), at: 24)
            bytes.storeBigEndian(UInt32(event.personal.count), at: 28)
            var end = headerSize
            func append(_ part: [UInt8]) {
                part.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: bytes[end...]).copyMemory(from: $0) }
                end += part.count
            }
            for (index, stream) in event.streams.enumerated() {
                bytes.storeBigEndian(versions[index], at: end)
                bytes.storeBigEndian(UInt16(stream.name.bytes.count), at: end + 8)
                end += streamHeaderSize
                append(stream.name.bytes)
            }
            if let idempotency {
                bytes.storeBigEndian(idempotency.actor, at: end)
                end += 8
                append(idempotency.fingerprint)
                append(idempotency.key)
            }
            append(event.payload)
            append(event.personal)
            let checksum = Checksum.of(position: position, UnsafeRawBufferPointer(rebasing: bytes[..<end]))
            bytes.storeBigEndian(checksum, at: end)
            return try body(UnsafeRawBufferPointer(bytes))
        }
    }
}

/// The CRC32C of records.
enum Checksum {
    /// The checksum of a record: of its position as eight big-endian bytes, then its bytes, so that a record at the
    /// wrong position is damage too.
    @inline(__always)
    static func of(position: Position, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var checksum = CRC32C()
        position.withBigEndianBytes { checksum.update($0) }
        checksum.update(bytes)
        return checksum.value
    }
}
