import Glibc

/// Bytes of an answer, written one after the other into memory that goes to the socket without a copy.
///
/// It is a raw `malloc` block and not an array: nothing is zeroed before it is written, and growing may stay in place.
public struct ResponseBuffer: ~Copyable {
    @usableFromInline var start: UnsafeMutableRawPointer
    @usableFromInline var capacity: Int

    @usableFromInline var written = 0

    /// How many bytes have been written.
    @inlinable public var count: Int { written }

    /// Makes room for `capacity` bytes; it grows as needed.
    public init(capacity: Int = 4096) {
        self.capacity = max(capacity, 64)
        start = Self.checked(malloc(self.capacity))
    }

    deinit {
        free(start)
    }

    /// What has been written so far.
    public var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: start, count: count)
    }

    /// Appends a byte.
    @inlinable @inline(__always)
    public mutating func append(_ byte: UInt8) {
        if count == capacity { grow(by: 1) }
        start.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        written += 1
    }

    /// Appends bytes.
    @inlinable @inline(__always)
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count)
        (start + count).copyMemory(from: source, byteCount: bytes.count)
        written += bytes.count
    }

    /// Appends text that is known when the program is built.
    @inlinable @inline(__always)
    public mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends a string. It has a label. Otherwise every literal would use it, and would be made a string first.
    public mutating func append(text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// Makes sure that `count` bytes more fit.
    @inlinable @inline(__always)
    public mutating func reserve(_ count: Int) {
        if capacity - self.count < count { grow(by: count) }
    }

    /// Lends room for at least `room` bytes behind what is written; `body` says how many it filled.
    ///
    /// For writers that know a bound for their output: an escaped string takes at most six bytes for each byte.
    @inlinable @inline(__always)
    public mutating func appendUnchecked(room: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
        reserve(room)
        let filled = body((start + count).assumingMemoryBound(to: UInt8.self))
        written += filled
    }

    /// Forgets what was written, and keeps the memory.
    mutating func removeAll() { written = 0 }

    /// Gives the block away. The receiver frees it with `free`.
    public consuming func take() -> UnsafeMutableRawBufferPointer {
        let taken = UnsafeMutableRawBufferPointer(start: start, count: count)
        discard self
        return taken
    }

    @inline(never) @usableFromInline
    mutating func grow(by count: Int) {
        capacity = max(capacity * 2, self.count + count)
        start = Self.checked(realloc(start, capacity))
    }

    private static func checked(_ block: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer {
        guard let block else { fatalError("no memory for an answer's body") }
        return block
    }
}
