internal import Bytes
internal import Microblog

/// A key of up to 32 bytes, held in place: integers are big-endian, so that the order of bytes is the order of numbers.
struct RowKey {
    private var words: (UInt64, UInt64, UInt64, UInt64)
    let count: Int

    /// One number.
    init(_ first: UInt64) {
        words = (first.bigEndian, 0, 0, 0)
        count = 8
    }

    /// Two numbers: rows of the first, in order of the second.
    init(_ first: UInt64, _ second: UInt64) {
        words = (first.bigEndian, second.bigEndian, 0, 0)
        count = 16
    }

    /// Two numbers with a number of likes (4) between them: rows of the first, in order of likes, then of the second.
    init(_ first: UInt64, likes: UInt32, _ second: UInt64) {
        words = (first.bigEndian, (UInt64(likes) << 32 | second >> 32).bigEndian, (second << 32).bigEndian, 0)
        count = 20
    }

    /// At most 32 bytes.
    init(_ bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count <= 32, "a row key has at most 32 bytes, not \(bytes.count)")
        words = (0, 0, 0, 0)
        count = bytes.count
        withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: bytes) }
    }

    /// A hash.
    init(_ hash: Hash256) { self = hash.withUnsafeBytes { RowKey($0) } }

    /// Lends the bytes.
    @inline(__always)
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withUnsafeBytes(of: words) { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    /// Lends the bytes, and behind them those of a number.
    @inline(__always)
    func withBytes<Result>(
        followedBy number: UInt64, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        var row = (words, UInt64(0))
        return try withUnsafeMutableBytes(of: &row) { bytes in
            bytes.storeBigEndian(number, at: count)
            return try body(UnsafeRawBufferPointer(rebasing: bytes[..<(count + MemoryLayout<UInt64>.size)]))
        }
    }

    /// The first sixteen bytes as two numbers, which compare like the bytes.
    var leading: (UInt64, UInt64) { (words.0.bigEndian, words.1.bigEndian) }
}

/// The keys of rows in a form for people.
enum RowKeyText {
    /// Numbers in decimal, handles as they are, hashes in hexadecimal.
    static func text(_ key: [UInt8], in table: String) -> String {
        switch table {
        case "handles": return "\"\(String(decoding: key, as: UTF8.self))\""
        case "by_likes" where key.count == 20:
            return "\(number(key[0..<8])), \(number(key[8..<12])), \(number(key[12..<20]))"
        case _ where key.count == 8 || key.count == 16:
            return stride(from: 0, to: key.count, by: 8).map { "\(number(key[$0..<($0 + 8)]))" }.joined(separator: ", ")
        default:
            return Hexadecimal.text(key)
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
