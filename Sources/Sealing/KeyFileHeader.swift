internal import Bytes
internal import Hashing

/// The beginning of a keys file, as `docs/storage-format.md` describes it. All integers are big-endian.
///
///     offset  size
///     0       16    "martlet-keys 1" in ASCII, two zeros
///     16      16    identity of the log
///     32      16    identity that sealed bytes name
///     48      8     newest account whose key may have been lost; 0: none was
///     56      4     zero
///     60      4     CRC32C of the 60 bytes before
///     64      ...   zeros
///     2048    8     number of slots that are known to be durable, see ``DurableSlots``
///     2056    4     CRC32C of the 8 bytes before
///     2060    ...   zeros, up to 4,096: slots do not share a page of the disk with the header
struct KeyFileHeader: Equatable {
    static let format = "martlet-keys 1"
    static let size = 64
    /// Where slot 0 begins.
    static let slotsStart = 4096

    /// The identity of the log that the file belongs to.
    var log: [UInt8]
    /// What sealed bytes name. It differs from the log's identity when the log was cut by a restore.
    var sealing: [UInt8]
    /// The keys of accounts up to this one may be missing, because they were lost.
    var lostThrough: UInt64 = 0

    /// The whole page.
    var bytes: [UInt8] {
        var bytes = Array(Self.format.utf8) + [0, 0] + log + sealing
        bytes.append(bigEndian: lostThrough)
        bytes.append(bigEndian: UInt32(0))
        bytes.append(bigEndian: bytes.withUnsafeBytes { Self.checksum($0) })
        return bytes + [UInt8](repeating: 0, count: Self.slotsStart - Self.size)
    }

    private static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var checksum = CRC32C()
        checksum.update(UnsafeRawBufferPointer(rebasing: bytes[..<60]))
        return checksum.value
    }
}

extension KeyFileHeader {
    /// Takes the first bytes of a file.
    ///
    /// - Throws: ``KeyError/format(_:found:)`` or ``KeyError/damaged(_:slot:problem:)``.
    init(_ bytes: UnsafeRawBufferPointer, path: String) throws(KeyError) {
        let label = Array("martlet-keys ".utf8)
        guard bytes.count >= Self.size, bytes.starts(with: label) else {
            throw .damaged(path, slot: nil, problem: "it does not begin with \"\(Self.format)\"")
        }
        let found = String(decoding: bytes[..<16].prefix { $0 != 0 }, as: UTF8.self)
        guard found == Self.format else { throw .format(path, found: found) }
        guard bytes.bigEndianUInt32(at: 60) == Self.checksum(bytes) else {
            throw .damaged(path, slot: nil, problem: "the checksum of its header is wrong")
        }
        log = Array(bytes[16..<32])
        sealing = Array(bytes[32..<48])
        lostThrough = bytes.bigEndianUInt64(at: 48)
    }
}
