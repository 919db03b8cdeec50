import EventLog

/// A record built byte by byte after `docs/storage-format.md`, in another way than the log does it.
enum ReferenceRecord {
    static func bytes(
        _ event: NewEvent, versions: [Version], position: Position, time: Int64, idempotency: Idempotency?
    ) -> [UInt8] {
        var command: [UInt8] = []
        if let idempotency {
            command = bigEndian(idempotency.actor, 8) + idempotency.fingerprint + idempotency.key
        }
        var record: [UInt8] = [1, event.type, event.schema, UInt8(event.streams.count)]
        record += bigEndian(UInt64(command.count), 2) + [0, 0]
        record += bigEndian(UInt64(bitPattern: time), 8) + bigEndian(event.actor, 8)
        record += bigEndian(UInt64(event.payload.count), 4) + bigEndian(UInt64(event.personal.count), 4)
        for (stream, version) in zip(event.streams, versions) {
            record += bigEndian(version, 8) + bigEndian(UInt64(stream.name.bytes.count), 2) + stream.name.bytes
        }
        record += command + event.payload + event.personal
        return record + bigEndian(UInt64(ReferenceChecksum.of(bigEndian(position, 8) + record)), 4)
    }

    static func bigEndian(_ number: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
    }
}
