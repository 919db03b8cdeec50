/// Names a proposal for ever, so that sending it again gives the first answer and no second event.
public struct Idempotency: Sendable, Equatable {
    /// The longest key, in bytes.
    public static let longestKey = 255
    /// The size of a fingerprint, in bytes.
    public static let fingerprintSize = 16

    /// Whose key it is; keys of different actors do not meet.
    public let actor: UInt64
    /// The caller's own key: 1 to 255 bytes.
    public let key: [UInt8]
    /// A 16-byte hash of what is asked: the same key with another one is refused.
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
        withUnsafeBytes(of: actor.bigEndian) { Array($0) } + key
    }
}
