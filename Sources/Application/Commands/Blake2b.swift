internal import CSodium

/// BLAKE2b (RFC 7693) by libsodium, without a key.
enum Blake2b {
    /// A hash of 16 to 64 bytes.
    static func hash(_ bytes: UnsafeRawBufferPointer, size: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: size) { hash, count in
            let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            let code = crypto_generichash(hash.baseAddress!, size, start, UInt64(bytes.count), nil, 0)
            precondition(code == 0, "crypto_generichash takes 16 to 64 bytes, not \(size)")
            count = size
        }
    }

    /// A hash of an array.
    static func hash(_ bytes: [UInt8], size: Int) -> [UInt8] { bytes.withUnsafeBytes { hash($0, size: size) } }
}
