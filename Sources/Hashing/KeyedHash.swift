internal import CSodium

/// SipHash-2-4 of 128 bits by libsodium, under a random key: quick for short bytes, and nobody can prepare two that meet.
///
/// For comparing within one run; the values mean nothing to another one.
public struct KeyedHash: Sendable {
    /// A value of the hash.
    public typealias Value = (high: UInt64, low: UInt64)

    private let key: (UInt64, UInt64)

    /// Takes a new key.
    public init() {
        var generator = SystemRandomNumberGenerator()
        key = (generator.next(), generator.next())
    }

    /// The hash of some bytes.
    @inline(__always)
    public func callAsFunction(_ bytes: UnsafeRawBufferPointer) -> Value {
        var value: Value = (0, 0)
        withUnsafeBytes(of: key) { key in
            withUnsafeMutableBytes(of: &value) { value in
                let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
                crypto_shorthash_siphashx24(
                    value.baseAddress!.assumingMemoryBound(to: UInt8.self), start, UInt64(bytes.count),
                    key.baseAddress!.assumingMemoryBound(to: UInt8.self))
            }
        }
        return value
    }
}
