internal import Bytes
internal import Hashing
internal import Sealing

/// The bytes of a record, as `docs/storage-format.md` describes them. All integers are big-endian.
///
///     offset  size
///     0       1     layout (2)
///     1       1     event type
///     2       1     schema version of the payload
///     3       1     number of streams n (1...)
///     4       2     length of the command field c (0: none)
///     6       1     flags, see ``RecordFlags``
///     7       1     zero
///     8       8     time, milliseconds since 1970 UTC
///     16      8     actor (0: the operator)
///     24      8     by: the person behind the actor (0: the actor itself)
///     32      4     length of the payload p
///     36      4     length of the personal part s
///     40      ...   n times: version (8), length of the name (2), name
///             c     command: whose key (8), fingerprint (16), idempotency key
///             p     payload
///             s     personal part, see ``SealedPart``
///             4     CRC32C of the position (8 bytes) and of everything above
///
/// Layout 1, which is only read, has no `by`, no flags (zero), and the personal part in plain.
enum RecordLayout {
    static let layout: UInt8 = 2
    static let headerSize = 40
    static let streamHeaderSize = 10
    static let checksumSize = 4
    /// If there is a command field, its key has at least one byte.
    static let commandSizes =
        (8 + Idempotency.fingerprintSize + 1)...(8 + Idempotency.fingerprintSize + Idempotency.longestKey)

    /// The size of a layout's header, which ends with the lengths of payload and personal part; `nil` for an unknown
    /// layout.
    @inline(__always)
    static func headerSize(of layout: UInt8) -> Int? {
        switch layout {
        case 1: 32
        case Self.layout: headerSize
        default: nil
        }
    }

    /// Lends the encoded record.
    ///
    /// - Parameters:
    ///   - keys: seal the personal part. A registration, whose subject is its own position, gets a key; it is durable
    ///     after the next `sync()` of the keys only.
    ///   - batchGoesOn: whether the next record belongs to the same batch.
    /// - Throws: ``LogError/noKey(account:)`` when the subject has no key any more; `KeyError` when none can be made;
    ///   what `body` throws.
    static func withEncoded<Result>(
        _ event: NewEvent, versions: [Version], position: Position, time: Int64, idempotency: Idempotency?,
        sealing keys: Keyring, batchGoesOn: Bool = false, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        let seal = try PersonalSeal(event, at: position, keys)
        let commandSize = idempotency.map { 8 + $0.fingerprint.count + $0.key.count } ?? 0
        let streamsSize = event.streams.reduce(0) { $0 + streamHeaderSize + $1.name.bytes.count }
        let personalSize = seal.map { $0.size } ?? 0
        let size = headerSize + streamsSize + commandSize + event.payload.count + personalSize + checksumSize
        return try withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { bytes in
            var flags = RecordFlags()
            if seal != nil { flags.insert(.sealed) }
            if batchGoesOn { flags.insert(.batchGoesOn) }
            bytes[0] = layout
            bytes[1] = event.type
            bytes[2] = event.schema
            bytes[3] = UInt8(event.streams.count)
            bytes.storeBigEndian(UInt16(commandSize), at: 4)
            bytes[6] = flags.rawValue
            bytes[7] = 0
            bytes.storeBigEndian(time, at: 8)
            bytes.storeBigEndian(event.actor, at: 16)
            bytes.storeBigEndian(event.by, at: 24)
            bytes.storeBigEndian(UInt32(event.payload.count), at: 32)
            bytes.storeBigEndian(UInt32(personalSize), at: 36)
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
            if let seal {
                seal.write(event, UnsafeMutableRawBufferPointer(rebasing: bytes[end..<(end + personalSize)]))
                end += personalSize
            }
            let checksum = Checksum.of(position: position, UnsafeRawBufferPointer(rebasing: bytes[..<end]))
            bytes.storeBigEndian(checksum, at: end)
            return try body(UnsafeRawBufferPointer(bytes))
        }
    }
}

/// What a record of layout 2 says about itself. Others than these are written by a newer program.
struct RecordFlags: OptionSet {
    let rawValue: UInt8

    /// The personal part is sealed. Otherwise it is empty, or in plain.
    static let sealed = RecordFlags(rawValue: 1)
    /// The next record belongs to the same batch of events.
    static let batchGoesOn = RecordFlags(rawValue: 2)
    static let all: RecordFlags = [.sealed, .batchGoesOn]
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
