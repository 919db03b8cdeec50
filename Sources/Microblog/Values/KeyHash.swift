/// Names an access key, known only by the hash of it: the key itself is never stored.
public struct KeyHash: HashName {
    /// The 32 bytes.
    public let rawValue: Hash256

    /// Gives a hash its meaning.
    public init(rawValue: Hash256) {
        self.rawValue = rawValue
    }
}
