internal import Bytes
internal import Hashing

/// How many slots of a keys file are known to be durable, as it stands in the header's page, in a sector of its own.
///
/// It is written after each sync, without one: so it may lag, never lead. Where it is missing or torn, the slots
/// themselves say how many were durable before them. It is what tells a slot of the last sync that was damaged later from
/// one that was torn by the loss of power.
enum DurableSlots {
    static let offset = 2048
    static let size = 12

    static func bytes(_ count: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: count)
        bytes.append(bigEndian: bytes.withUnsafeBytes { checksum($0) })
        return bytes
    }

    /// - Returns: 0 when nothing that was written stands there.
    static func count(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        guard bytes.count == size, bytes.bigEndianUInt32(at: 8) == checksum(bytes) else { return 0 }
        return bytes.bigEndianUInt64(at: 0)
    }

    private static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var checksum = CRC32C()
        checksum.update(UnsafeRawBufferPointer(rebasing: bytes[..<8]))
        return checksum.value
    }
}
