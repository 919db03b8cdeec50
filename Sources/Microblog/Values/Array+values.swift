internal import Bytes

/// How values are written in events and commands; the conventions are in `docs/events.md`.
extension [UInt8] {
    mutating func append(_ id: some EntityID) {
        append(bigEndian: id.rawValue)
    }

    /// No post is 0, which is never an id.
    mutating func append(_ post: PostID?) {
        append(bigEndian: post?.rawValue ?? 0)
    }

    /// A count in four bytes, then eight bytes each.
    mutating func append(_ ids: [some EntityID]) {
        append(bigEndian: UInt32(ids.count))
        for id in ids { append(id) }
    }

    mutating func append(_ hash: some HashName) {
        hash.rawValue.withUnsafeBytes { append(contentsOf: $0) }
    }

    /// 0 for no key; else 1 and the 32 bytes.
    mutating func append(_ key: KeyHash?) {
        append(key == nil ? 0 : 1)
        if let key { append(key) }
    }

    /// A byte count in one byte, then the characters.
    mutating func append(_ handle: Handle) {
        append(UInt8(handle.count))
        handle.append(to: &self)
    }

    /// 0 for no handle; else 1 and the handle.
    mutating func append(_ handle: Handle?) {
        append(handle == nil ? 0 : 1)
        if let handle { append(handle) }
    }

    /// A byte count in four bytes, then UTF-8.
    mutating func append(counted text: String) {
        text.withUTF8Bytes { utf8 in
            append(bigEndian: UInt32(utf8.count))
            append(contentsOf: utf8)
        }
    }
}
