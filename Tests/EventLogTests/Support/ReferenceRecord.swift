import EventLog
import Sealing

/// A record built byte by byte after `docs/storage-format.md`, in another way than the log does it, and without
/// sealing.
enum ReferenceRecord {
    static func bytes(
        _ event: NewEvent, versions: [Version], position: Position, time: Int64, idempotency: Idempotency?
    ) -> [UInt8] {
        var command: [UInt8] = []
        if let idempotency {
            command = bigEndian(idempotency.actor, 8) + idempotency.fingerprint + idempotency.key
        }
        var record: [UInt8] = [2, event.type, event.schema, UInt8(event.streams.count)]
        record += bigEndian(UInt64(command.count), 2) + [0, 0]
        record += bigEndian(UInt64(bitPattern: time), 8) + bigEndian(event.actor, 8) + bigEndian(event.by, 8)
        record += bigEndian(UInt64(event.payload.count), 4) + bigEndian(UInt64(event.personal.count), 4)
        for (stream, version) in zip(event.streams, versions) {
            record += bigEndian(version, 8) + bigEndian(UInt64(stream.name.bytes.count), 2) + stream.name.bytes
        }
        return signed(record + command + event.payload + event.personal, at: position)
    }

    /// The same record with its personal part in plain: what is random in it is gone.
    static func inPlain(_ record: RecordView, _ keys: Keyring) throws -> [UInt8] {
        guard case .sealed = record.personal else { return Array(record.bytes) }
        guard let plain = try record.opened(keys) else { return [] }
        let sealedSize = plain.count + 48
        var bytes = Array(record.bytes.dropLast(4 + sealedSize)) + plain
        bytes[6] &= ~1
        bytes.replaceSubrange(36..<40, with: bigEndian(UInt64(plain.count), 4))
        return signed(bytes, at: record.position)
    }

    /// A record whose checksum is good.
    static func signed(_ content: [UInt8], at position: Position) -> [UInt8] {
        content + bigEndian(UInt64(ReferenceChecksum.of(bigEndian(position, 8) + content)), 4)
    }

    static func bigEndian(_ number: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
    }
}
