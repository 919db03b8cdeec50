internal import Bytes

/// A row of the `commands` table without an event: the answer that a command with an idempotency key got. It is a view
/// of its bytes, which live as long as the call that lends them.
public struct RememberedAnswer {
    /// The actor whose key it is (8, big-endian), then the idempotency key (1 to 255).
    public let key: UnsafeRawBufferPointer
    /// The fingerprint (16), eight zeros, then the answer (0 or more).
    public let value: UnsafeRawBufferPointer

    /// Checks the sizes of a row.
    ///
    /// - Returns: `nil` for the row of a command that made an event.
    /// - Throws: ``LogCorruption`` when it is neither kind of row.
    public init?(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws(LogCorruption) {
        guard try CommandRow(key: key, value).position == 0 else { return nil }
        self.key = key
        self.value = value
    }

    /// Names the request.
    public var idempotency: Idempotency {
        Idempotency(
            actor: key.bigEndianUInt64(at: 0), key: Array(key.dropFirst(8)),
            fingerprint: Array(value.prefix(Idempotency.fingerprintSize)))
    }

    /// What its caller was told.
    public var answer: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: value[(Idempotency.fingerprintSize + 8)...])
    }
}

/// The value of a row of the `commands` table: a view of its bytes.
struct CommandRow {
    private static let headerSize = Idempotency.fingerprintSize + 8

    private let value: UnsafeRawBufferPointer

    /// - Throws: ``LogCorruption`` when a size is impossible.
    init(key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws(LogCorruption) {
        guard 9...(8 + Idempotency.longestKey) ~= key.count, value.count >= Self.headerSize else {
            throw LogCorruption(
                position: 0,
                problem: "a row of the commands table has \(key.count) and \(value.count) bytes; restore a backup")
        }
        self.value = value
    }

    /// The row of a command that made an event, or that got an answer (position 0).
    static func bytes(_ idempotency: Idempotency, position: Position, answer: [UInt8] = []) -> [UInt8] {
        var row = idempotency.fingerprint
        row.append(bigEndian: position)
        return row + answer
    }

    /// Of the request.
    var fingerprint: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: value[..<Idempotency.fingerprintSize])
    }
    /// The event that the command made; 0 if it made none.
    var position: Position { value.bigEndianUInt64(at: Idempotency.fingerprintSize) }
    /// The answer that the command got.
    var answer: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: value[Self.headerSize...]) }
}

/// Names a proposal for ever. Sending it again gives the first answer and does not make a second event.
public struct Idempotency: Sendable, Equatable {
    /// The longest key, in bytes.
    public static let longestKey = 255
    /// The size of a fingerprint, in bytes.
    public static let fingerprintSize = 16

    /// The actor whose key it is. Equal keys of different actors are different.
    public let actor: UInt64
    /// The caller's own key: 1 to 255 bytes.
    public let key: [UInt8]
    /// A 16-byte hash of what is asked: the same key with another hash is refused.
    public let fingerprint: [UInt8]

    /// Names a proposal.
    public init(actor: UInt64, key: [UInt8], fingerprint: [UInt8]) {
        precondition((1...Self.longestKey).contains(key.count), "an idempotency key has 1 to 255 bytes")
        precondition(fingerprint.count == Self.fingerprintSize, "a fingerprint has 16 bytes")
        self.actor = actor
        self.key = key
        self.fingerprint = fingerprint
    }

    /// The key of the `commands` table: actor (8 bytes, big-endian), then the caller's key.
    var tableKey: [UInt8] {
        actor.withBigEndianBytes { Array($0) } + key
    }
}
