internal import CSodium
internal import Hashing
public import Microblog

/// The secret that acts for an account. Only its hash is ever stored.
public struct AccessKey: Sendable {
    /// The longest key that is looked at.
    public static let longest = 256

    /// What the client sends in the header `api-key`.
    public let text: String

    /// Takes a key that somebody chose.
    ///
    /// - Returns: `nil` unless it has 1 to 256 visible ASCII characters, as a header field can carry.
    public init?(_ text: String) {
        guard 1...Self.longest ~= text.utf8.count, text.utf8.allSatisfy({ 0x21...0x7e ~= $0 }) else { return nil }
        self.text = text
    }

    private init(generated text: String) { self.text = text }

    /// Makes a new one: 32 characters, 160 random bits.
    public static func generate() -> AccessKey {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
        precondition(sodium_init() >= 0, "libsodium cannot be initialised")
        let letters = (0..<32).map { _ in alphabet[Int(randombytes_uniform(32))] }
        return AccessKey(generated: String(decoding: letters, as: UTF8.self))
    }

    /// The key that always follows from the same secrets. At least one of them must be as hard to guess as a key.
    public static func derived(from secrets: [String]) -> AccessKey {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
        var bytes = Array("martlet access key".utf8)
        for secret in secrets {
            withUnsafeBytes(of: UInt64(secret.utf8.count).bigEndian) { bytes += $0 }
            bytes += secret.utf8
        }
        let letters = Blake2b.hash(bytes, size: 32).map { alphabet[Int($0 & 31)] }
        return AccessKey(generated: String(decoding: letters, as: UTF8.self))
    }

    /// BLAKE2b-256 of the key. A quick hash is enough, because a generated key cannot be guessed.
    public var hash: KeyHash { Array(text.utf8).withUnsafeBytes { AccessKey.hash($0) } }

    /// The hash of a key as it came in.
    public static func hash(_ key: UnsafeRawBufferPointer) -> KeyHash {
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        return withUnsafeTemporaryAllocation(byteCount: Hash256.byteCount, alignment: 8) { hash in
            Blake2b.hash(key, nothing, into: hash)
            return KeyHash(rawValue: Hash256(bytes: UnsafeRawBufferPointer(hash))!)
        }
    }
}
