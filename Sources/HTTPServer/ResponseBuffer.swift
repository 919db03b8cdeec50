import Glibc

/// Bytes of an answer, written one after the other into memory that goes to the HTTP library without a copy.
///
/// A raw `malloc` block and not an array: the library frees the body itself, with `free`, once it is sent.
struct ResponseBuffer: ~Copyable {
    private var start: UnsafeMutableRawPointer
    private var capacity: Int

    /// How many bytes have been written.
    private(set) var count = 0

    /// Makes room for `capacity` bytes; more are found as needed.
    init(capacity: Int = 4096) {
        self.capacity = max(capacity, 64)
        start = Self.checked(malloc(self.capacity))
    }

    deinit {
        free(start)
    }

    /// What has been written so far.
    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: start, count: count)
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        if count == capacity { grow(by: 1) }
        start.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count)
        (start + count).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
    }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends a string. It has a label since every literal would take it otherwise, and be made a string first.
    mutating func append(text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// Makes sure that `count` bytes more fit.
    @inline(__always)
    mutating func reserve(_ count: Int) {
        if capacity - self.count < count { grow(by: count) }
    }

    /// Lends room for at least `room` bytes behind what is written; `body` says how many it filled.
    ///
    /// For writers whose output is at most so long: an escaped string takes at most six bytes for one.
    @inline(__always)
    mutating func appendUnchecked(room: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
        reserve(room)
        let filled = body((start + count).assumingMemoryBound(to: UInt8.self))
        count += filled
    }

    /// Gives the block away; whoever takes it frees it with `free`.
    consuming func take() -> UnsafeMutableRawBufferPointer {
        let taken = UnsafeMutableRawBufferPointer(start: start, count: count)
        discard self
        return taken
    }

    @inline(never)
    private mutating func grow(by count: Int) {
        capacity = max(capacity * 2, self.count + count)
        start = Self.checked(realloc(start, capacity))
    }

    private static func checked(_ block: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer {
        guard let block else { fatalError("no memory for an answer's body") }
        return block
    }
}
