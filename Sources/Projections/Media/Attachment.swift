public import Microblog

/// A file on a post, as a post's row holds it: the content's hash (32 bytes), then its type (1).
public struct Attachment: Hashable, Sendable {
    /// What the file holds.
    public let content: ContentHash
    /// What kind of file it is.
    public let type: MediaType

    static let byteCount = 33

    /// Names a file.
    public init(content: ContentHash, type: MediaType) {
        self.content = content
        self.type = type
    }

    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.byteCount,
            let content = ContentHash(bytes: UnsafeRawBufferPointer(rebasing: bytes[..<32])),
            let type = MediaType(rawValue: bytes[32])
        else { return nil }
        self.init(content: content, type: type)
    }

    func append(to bytes: inout [UInt8]) {
        content.rawValue.withUnsafeBytes { bytes.append(contentsOf: $0) }
        bytes.append(type.rawValue)
    }
}
