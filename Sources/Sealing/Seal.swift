internal import CSodium

/// Sealing of bytes: XChaCha20-Poly1305 by libsodium, with a random nonce.
///
/// Whoever lacks the key can neither read what is sealed nor change it unnoticed. The nonce has 24 bytes, so that random
/// ones never meet: nothing needs to be counted, not even over a restored backup.
///
///     offset  size
///     0       24    nonce
///     24      16    tag
///     40            ciphertext, as long as the plaintext
public enum Seal {
    /// The size of the nonce in bytes.
    public static let nonceSize = 24
    /// The size of the tag in bytes.
    public static let tagSize = 16
    /// How many bytes what is sealed is longer than the plaintext.
    public static let overhead = nonceSize + tagSize

    /// Seals bytes.
    ///
    /// - Parameters:
    ///   - plaintext: the bytes; none are allowed.
    ///   - additional: bytes that are not stored, but must be the same at the opening: what the plaintext belongs to.
    ///   - target: room for ``overhead`` bytes more than the plaintext has. It must not overlap the plaintext.
    public static func seal(
        _ plaintext: UnsafeRawBufferPointer, with key: SealingKey, additional: UnsafeRawBufferPointer,
        into target: UnsafeMutableRawBufferPointer
    ) {
        precondition(target.count == plaintext.count + overhead, "what is sealed is 40 bytes longer")
        randombytes_buf(target.baseAddress!, nonceSize)
        seal(plaintext, with: key, additional: additional, nonceAndTarget: target)
    }

    /// Seals bytes with the nonce that `target` begins with. The same nonce must not be used twice with a key.
    static func seal(
        _ plaintext: UnsafeRawBufferPointer, with key: SealingKey, additional: UnsafeRawBufferPointer,
        nonceAndTarget target: UnsafeMutableRawBufferPointer
    ) {
        let sealed = target.baseAddress!.assumingMemoryBound(to: UInt8.self)
        key.withBytes { key in
            // It always returns 0.
            _ = crypto_aead_xchacha20poly1305_ietf_encrypt_detached(
                sealed + overhead, sealed + nonceSize, nil,
                pointer(plaintext), UInt64(plaintext.count), pointer(additional), UInt64(additional.count),
                nil, sealed, pointer(key)!)
        }
    }

    /// Opens what ``seal(_:with:additional:into:)`` wrote.
    ///
    /// - Parameter target: room for ``overhead`` bytes less than `sealed` has.
    /// - Returns: false when key or additional bytes are others, or the bytes were changed; then `target` holds zeros.
    public static func open(
        _ sealed: UnsafeRawBufferPointer, with key: SealingKey, additional: UnsafeRawBufferPointer,
        into target: UnsafeMutableRawBufferPointer
    ) -> Bool {
        guard sealed.count >= overhead else { return false }
        precondition(target.count == sealed.count - overhead, "what was sealed is 40 bytes shorter")
        let start = pointer(sealed)!
        return withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { nothing in
            // Without a plaintext the target may have no address, but the call asks for one.
            let plaintext = target.baseAddress ?? nothing.baseAddress!
            return key.withBytes { key in
                crypto_aead_xchacha20poly1305_ietf_decrypt_detached(
                    plaintext.assumingMemoryBound(to: UInt8.self), nil,
                    start + overhead, UInt64(target.count), start + nonceSize,
                    pointer(additional), UInt64(additional.count), start, pointer(key)!) == 0
            }
        }
    }

    @inline(__always)
    private static func pointer(_ bytes: UnsafeRawBufferPointer) -> UnsafePointer<UInt8>? {
        bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    }
}
