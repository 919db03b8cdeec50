/// The name of what must be consistent together, such as `post/812`: 1 to 400 bytes of UTF-8.
public struct StreamName: Hashable, Sendable, CustomStringConvertible {
    /// The longest name: LMDB's keys end at 511 bytes, and short names keep the table of heads small.
    public static let longest = 400

    /// The name in UTF-8.
    public let bytes: [UInt8]

    /// Takes a name; the caller keeps it within ``longest``.
    public init(_ bytes: [UInt8]) {
        precondition(!bytes.isEmpty && bytes.count <= Self.longest, "a stream name has 1 to \(Self.longest) bytes")
        self.bytes = bytes
    }

    /// Takes a name as text.
    public init(_ text: String) { self.init(Array(text.utf8)) }

    /// The name as text.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}
