internal import Bytes
public import Sealing

/// One event as the log holds it: a view of its bytes, which live as long as the call that lends them.
public struct RecordView {
    /// Its place in the log.
    public let position: Position
    /// The whole record, its checksum included.
    public let bytes: UnsafeRawBufferPointer
    private let headerSize: Int
    private let streamsEnd: Int
    private let commandEnd: Int
    private let payloadEnd: Int

    /// Checks a record's layout, lengths and checksum.
    ///
    /// - Throws: ``LogCorruption`` that names the position and what is wrong.
    public init(position: Position, _ bytes: UnsafeRawBufferPointer) throws(LogCorruption) {
        func damaged(_ problem: String) -> LogCorruption { LogCorruption(position: position, problem: problem) }
        func short() -> LogCorruption { damaged("the record has only \(bytes.count) bytes; restore a backup") }
        guard bytes.count > RecordLayout.checksumSize else { throw short() }
        let end = bytes.count - RecordLayout.checksumSize
        let checksum = Checksum.of(position: position, UnsafeRawBufferPointer(rebasing: bytes[..<end]))
        guard checksum == bytes.bigEndianUInt32(at: end) else {
            throw damaged("the record's checksum is wrong; restore a backup")
        }
        guard let headerSize = RecordLayout.headerSize(of: bytes[0]) else {
            throw damaged("record layout \(bytes[0]) is unknown; a newer martlet wrote it, use that one")
        }
        guard end >= headerSize else { throw short() }
        var offset = headerSize
        for _ in 0..<bytes[3] {
            guard offset + RecordLayout.streamHeaderSize <= end else { throw damaged("a stream name is cut off") }
            let length = Int(bytes.bigEndianUInt16(at: offset + 8))
            guard 1...StreamName.longest ~= length else { throw damaged("a stream name has \(length) bytes") }
            offset += RecordLayout.streamHeaderSize + length
        }
        streamsEnd = offset
        let commandSize = Int(bytes.bigEndianUInt16(at: 4))
        guard commandSize == 0 || RecordLayout.commandSizes ~= commandSize else {
            throw damaged("the command field has \(commandSize) bytes")
        }
        commandEnd = streamsEnd + commandSize
        payloadEnd = commandEnd + Int(bytes.bigEndianUInt32(at: headerSize - 8))
        let personalSize = Int(bytes.bigEndianUInt32(at: headerSize - 4))
        guard payloadEnd + personalSize == end, bytes[3] > 0 else {
            throw damaged("the lengths of the record's parts do not add up; restore a backup")
        }
        if bytes[0] == RecordLayout.layout {
            guard RecordFlags.all.isSuperset(of: RecordFlags(rawValue: bytes[6])), bytes[7] == 0 else {
                throw damaged("its flags \(bytes[6]), \(bytes[7]) are unknown; a newer martlet wrote it, use that one")
            }
            guard bytes[6] & RecordFlags.sealed.rawValue == 0 || personalSize > SealedPart.headerSize else {
                throw damaged("its sealed part has only \(personalSize) bytes; restore a backup")
            }
        }
        self.headerSize = headerSize
        self.position = position
        self.bytes = bytes
    }

    /// What happened, as a code that the log does not interpret.
    public var type: UInt8 { bytes[1] }
    /// The version of the payload's layout.
    public var schema: UInt8 { bytes[2] }
    /// When, in milliseconds since 1970 UTC.
    public var time: Int64 { Int64(bitPattern: bytes.bigEndianUInt64(at: 8)) }
    /// Who did it; 0 is the operator.
    public var actor: UInt64 { bytes.bigEndianUInt64(at: 16) }
    /// The person behind the actor; 0 is the actor itself.
    public var by: UInt64 { bytes[0] == RecordLayout.layout ? bytes.bigEndianUInt64(at: 24) : 0 }
    /// Whether a program wrote it that did not seal anything.
    var isOfLayoutBefore: Bool { bytes[0] != RecordLayout.layout }
    /// Whether the next record belongs to the same batch of events.
    public var batchGoesOn: Bool { flags.contains(.batchGoesOn) }
    /// Ids and references.
    public var payload: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[commandEnd..<payloadEnd]) }
    /// Text, names and handles, as they are stored.
    public var personal: StoredPersonal {
        let part = UnsafeRawBufferPointer(rebasing: bytes[payloadEnd..<(bytes.count - RecordLayout.checksumSize)])
        if part.isEmpty { return .none }
        return flags.contains(.sealed)
            ? .sealed(SealedPart(position: position, type: type, schema: schema, bytes: part)) : .plain(part)
    }

    /// Whether what is personal in it is in plain.
    public var isPlain: Bool { if case .plain = personal { true } else { false } }

    /// The account that the event registers with a key of its own, if it does.
    var accountWithKey: UInt64? {
        guard case .sealed(let part) = personal, part.account == position else { return nil }
        return position
    }

    /// Lends text, names and handles as they were written.
    ///
    /// - Parameter keys: those of the log that the record is in.
    /// - Throws: ``LogCorruption`` when the part is sealed, and does not open with the key of its account; `KeyError`
    ///   when that key cannot be read; what `body` throws.
    @inline(__always)
    public func withPersonal<Result>(
        openedBy keys: Keyring, _ body: (OpenedPersonal) throws -> Result
    ) throws -> Result {
        switch personal {
        case .none: try body(.plain(UnsafeRawBufferPointer(start: nil, count: 0)))
        case .plain(let bytes): try body(.plain(bytes))
        case .sealed(let part): try part.open(with: keys, body)
        }
    }

    private var flags: RecordFlags { RecordFlags(rawValue: bytes[0] == RecordLayout.layout ? bytes[6] : 0) }

    /// Lends the name of each stream with the version that this event has in it, its own first.
    @inline(__always)
    func withStreams(_ body: (UnsafeRawBufferPointer, Version) throws -> Void) rethrows {
        var offset = headerSize
        while offset < streamsEnd {
            let start = offset + RecordLayout.streamHeaderSize
            let end = start + Int(bytes.bigEndianUInt16(at: offset + 8))
            try body(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), bytes.bigEndianUInt64(at: offset))
            offset = end
        }
    }

    /// The streams of which this is the next event, its own first, with its version in each.
    public var streams: [(name: StreamName, version: Version)] {
        var result: [(name: StreamName, version: Version)] = []
        withStreams { name, version in result.append((StreamName(Array(name)), version)) }
        return result
    }

    /// The command field: whose key (8), fingerprint (16), idempotency key; empty if there is no command.
    var command: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[streamsEnd..<commandEnd]) }

    /// The idempotency of the command that made it, if that command had one.
    public var idempotency: Idempotency? {
        guard commandEnd > streamsEnd else { return nil }
        let fingerprintStart = streamsEnd + 8
        let keyStart = fingerprintStart + Idempotency.fingerprintSize
        return Idempotency(
            actor: bytes.bigEndianUInt64(at: streamsEnd), key: Array(bytes[keyStart..<commandEnd]),
            fingerprint: Array(bytes[fingerprintStart..<keyStart]))
    }
}
