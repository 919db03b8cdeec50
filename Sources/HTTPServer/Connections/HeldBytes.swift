/// Bytes that came in and cannot be used yet: the beginning of a head, a piece of a chunk's line, the next request.
///
/// It takes memory only while it holds something.
struct HeldBytes: ~Copyable {
    private var start: UnsafeMutableRawPointer?
    private(set) var count = 0

    deinit {
        start?.deallocate()
    }

    /// Moves them to the beginning of other memory, and holds nothing more.
    mutating func move(to target: UnsafeMutableRawBufferPointer) -> Int {
        guard let start else { return 0 }
        target.baseAddress!.copyMemory(from: start, byteCount: count)
        let moved = count
        drop()
        return moved
    }

    /// Holds a copy of these bytes. It must hold nothing before.
    mutating func keep(_ bytes: UnsafeRawBufferPointer) {
        precondition(start == nil, "bytes are held already")
        guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
        let copy = UnsafeMutableRawPointer.allocate(byteCount: bytes.count, alignment: 1)
        copy.copyMemory(from: source, byteCount: bytes.count)
        (start, count) = (copy, bytes.count)
    }

    /// Gives the memory back.
    mutating func drop() {
        start?.deallocate()
        (start, count) = (nil, 0)
    }
}
