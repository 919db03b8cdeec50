/// Names the content of an uploaded file by its hash, so that the same file is kept once.
public struct ContentHash: HashName {
    /// The 32 bytes.
    public let rawValue: Hash256

    /// Gives a hash its meaning.
    public init(rawValue: Hash256) {
        self.rawValue = rawValue
    }
}
