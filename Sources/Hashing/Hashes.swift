internal import CSodium

/// BLAKE2b (RFC 7693) by libsodium, without a key: over bytes that come in pieces.
public struct Blake2b: ~Copyable {
    /// The sizes that a hash can have, in bytes.
    public static let sizes = 16...64

    private let state: UnsafeMutableRawPointer
    private let size: Int

    /// Begins a hash of 16 to 64 bytes.
    public init(size: Int) {
        state = .allocate(byteCount: Self.stateSize, alignment: 64)
        self.size = size
        Self.begin(state, size)
    }

    deinit { state.deallocate() }

    /// Adds bytes. How they are cut into pieces makes no difference.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) { Self.add(bytes, state) }

    /// Adds the bytes of an array.
    public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { Self.add($0, state) } }

    /// The hash of everything that was added.
    public consuming func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: size) { hash, count in
            Self.end(state, UnsafeMutableRawBufferPointer(hash))
            count = size
        }
    }

    /// The hash of everything that was added so far. More can be added afterwards.
    public borrowing func hashSoFar() -> [UInt8] {
        withUnsafeTemporaryAllocation(byteCount: Self.stateSize, alignment: 64) { copy in
            copy.copyMemory(from: UnsafeRawBufferPointer(start: state, count: Self.stateSize))
            return [UInt8](unsafeUninitializedCapacity: size) { hash, count in
                Self.end(copy.baseAddress!, UnsafeMutableRawBufferPointer(hash))
                count = size
            }
        }
    }

    /// A hash of 16 to 64 bytes over bytes that are all in memory.
    public static func hash(_ bytes: UnsafeRawBufferPointer, size: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: size) { hash, count in
            let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            let code = crypto_generichash(hash.baseAddress!, size, start, UInt64(bytes.count), nil, 0)
            precondition(code == 0, "crypto_generichash makes 16 to 64 bytes, not \(size)")
            count = size
        }
    }

    /// A hash of an array.
    public static func hash(_ bytes: [UInt8], size: Int) -> [UInt8] { bytes.withUnsafeBytes { hash($0, size: size) } }

    /// Writes the hash of two pieces into `hash`. The size of `hash` decides the size of the result. It may be the same
    /// memory as `first`.
    ///
    /// For hashes that are made by the million. It allocates nothing.
    public static func hash(
        _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer, into hash: UnsafeMutableRawBufferPointer
    ) {
        // With an alignment of more than 16, the memory would come from the heap.
        withUnsafeTemporaryAllocation(byteCount: roomSize, alignment: 16) { room in
            let state = room.baseAddress!.alignedUp(toMultipleOf: 64)
            begin(state, hash.count)
            add(first, state)
            add(second, state)
            end(state, hash)
        }
    }

    private static let stateSize = crypto_generichash_statebytes()
    private static let roomSize = 512

    private static func begin(_ state: UnsafeMutableRawPointer, _ size: Int) {
        let code = crypto_generichash_init(OpaquePointer(state), nil, 0, size)
        precondition(code == 0, "crypto_generichash makes 16 to 64 bytes, not \(size)")
    }

    private static func add(_ bytes: UnsafeRawBufferPointer, _ state: UnsafeMutableRawPointer) {
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        crypto_generichash_update(OpaquePointer(state), start, UInt64(bytes.count))
    }

    private static func end(_ state: UnsafeMutableRawPointer, _ hash: UnsafeMutableRawBufferPointer) {
        let start = hash.baseAddress!.assumingMemoryBound(to: UInt8.self)
        crypto_generichash_final(OpaquePointer(state), start, hash.count)
    }
}

/// SipHash-2-4 of 128 bits by libsodium, with a random key. It is quick for short inputs, and nobody can prepare two
/// inputs with the same hash.
///
/// Use it to compare within one run of the program. The values mean nothing in another run.
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

/// SHA-256 (FIPS 180-4) by libsodium, over bytes that come in pieces.
public struct SHA256: Sendable {
    /// The size of a hash, in bytes.
    public static let byteCount = 32

    private var state = crypto_hash_sha256_state()

    /// Begins a hash.
    public init() { crypto_hash_sha256_init(&state) }

    /// Adds bytes. How they are cut into pieces makes no difference.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        crypto_hash_sha256_update(
            &state, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
    }

    /// The hash of everything that was added so far.
    public func finish() -> [UInt8] {
        var state = state
        return [UInt8](unsafeUninitializedCapacity: Self.byteCount) { hash, count in
            crypto_hash_sha256_final(&state, hash.baseAddress!)
            count = Self.byteCount
        }
    }
}
