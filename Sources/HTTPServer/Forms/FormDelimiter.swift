internal import Glibc

/// What ends a part: CR, LF, two hyphens and the boundary (RFC 2046, 5.1.1).
///
/// Only its first byte is a CR. So when a beginning of it turns out to be something else, the delimiter cannot begin
/// inside of what matched. The search looks for CRs and goes over no byte twice, whatever a client sends. Also, what
/// was held back at the end of a piece need not be kept: it is a beginning of the delimiter.
struct FormDelimiter: ~Copyable {
    private let storage: UnsafeMutableRawBufferPointer

    init(_ boundary: FormBoundary) {
        storage = .allocate(byteCount: boundary.bytes.count + 4, alignment: 1)
        storage.copyBytes(from: [0x0D, 0x0A, UInt8(ascii: "-"), UInt8(ascii: "-")] + boundary.bytes)
    }

    deinit { storage.deallocate() }

    /// How many bytes it has.
    var count: Int { storage.count }

    /// Some of its bytes. They are valid as long as the delimiter is.
    func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: storage[range])
    }

    /// Looks for the delimiter, or for a beginning of it at the end of the bytes.
    ///
    /// - Returns: where it begins, and how many bytes of it are there. When it is not there: the end, and 0.
    func find(in bytes: UnsafeRawBufferPointer) -> (start: Int, matched: Int) {
        guard let base = bytes.baseAddress else { return (0, 0) }
        var start = 0
        while start < bytes.count {
            // A call for each byte would be dear when a body is full of CRs.
            if bytes[start] != 0x0D {
                guard let found = memchr(base + start, 0x0D, bytes.count - start) else { break }
                start = UnsafeRawPointer(found) - base
            }
            let matched = match(UnsafeRawBufferPointer(start: base + start, count: bytes.count - start), from: 0)
            if matched == count || start + matched == bytes.count { return (start, matched) }
            start += matched
        }
        return (bytes.count, 0)
    }

    /// How many of the first bytes go on with the delimiter, of which so much came before.
    @inline(__always)
    func match(_ bytes: UnsafeRawBufferPointer, from matched: Int) -> Int {
        let most = min(bytes.count, count - matched)
        var index = 0
        while index < most, bytes[index] == storage[matched + index] { index += 1 }
        return index
    }
}
