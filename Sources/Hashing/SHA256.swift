internal import CSodium

/// SHA-256 (FIPS 180-4) by libsodium, over bytes that come in pieces.
public struct SHA256: Sendable {
    /// The size of a hash, in bytes.
    public static let byteCount = 32

    private var state = crypto_hash_sha256_state()

    /// Begins a hash.
    public init() { crypto_hash_sha256_init(&state) }

    /// Adds bytes; where the pieces end makes no difference.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        crypto_hash_sha256_update(
            &state, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
    }

    /// The hash of all that was added so far.
    public func finish() -> [UInt8] {
        var state = state
        return [UInt8](unsafeUninitializedCapacity: Self.byteCount) { hash, count in
            crypto_hash_sha256_final(&state, hash.baseAddress!)
            count = Self.byteCount
        }
    }
}
