internal import CSodium

/// A key of 32 random bytes. It is never printed, not by a dump either.
///
/// It lies in the value itself, so that millions can be looked up without a reference count. What holds keys for long
/// wipes them; copies on a stack are overwritten when the stack is used again.
public struct SealingKey: Sendable, Equatable {
    /// The size in bytes.
    public static let size = 32

    private var words: (UInt64, UInt64, UInt64, UInt64)

    /// A key that holds zeros, to be filled.
    init() {
        _ = Sodium.isReady
        words = (0, 0, 0, 0)
    }

    /// Takes a copy of 32 bytes.
    init(_ bytes: UnsafeRawBufferPointer) {
        self.init()
        precondition(bytes.count == Self.size, "a key has 32 bytes")
        withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: bytes) }
    }

    /// A new key, out of the system's generator.
    public static func random() -> SealingKey {
        var key = SealingKey()
        withUnsafeMutableBytes(of: &key.words) { randombytes_buf($0.baseAddress!, size) }
        return key
    }

    /// Lends the bytes of the key.
    @inline(__always)
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withUnsafeBytes(of: words, body)
    }

    /// Lends the bytes of the key, to be filled.
    mutating func withMutableBytes<Result>(_ body: (UnsafeMutableRawBufferPointer) -> Result) -> Result {
        withUnsafeMutableBytes(of: &words, body)
    }

    /// Overwrites the key with zeros, in a way that the compiler keeps.
    mutating func wipe() {
        withUnsafeMutableBytes(of: &words) { sodium_memzero($0.baseAddress!, $0.count) }
    }

    /// Takes as long for any two keys.
    public static func == (one: SealingKey, other: SealingKey) -> Bool {
        one.withBytes { one in
            other.withBytes { sodium_memcmp(one.baseAddress!, $0.baseAddress!, size) == 0 }
        }
    }
}

extension SealingKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Says that it is a key, and no more.
    public var description: String { "SealingKey(hidden)" }
    /// Says that it is a key, and no more.
    public var debugDescription: String { description }
    /// Shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
