extension Stream {
    /// Reads a name back; `nil` for whatever ``appendName(to:)`` does not write, so that a stream has one name only.
    public init?(name: UnsafeRawBufferPointer) {
        guard let slash = name.firstIndex(of: UInt8(ascii: "/")) else { return nil }
        let kind = name[..<slash]
        let rest = UnsafeRawBufferPointer(rebasing: name[(slash + 1)...])
        if kind.elementsEqual("handle".utf8) {
            guard let handle = Handle(stored: rest) else { return nil }
            self = .handle(handle)
        } else if kind.elementsEqual("account".utf8) {
            guard let account = Stream.id(rest) else { return nil }
            self = .account(AccountID(account))
        } else if kind.elementsEqual("key".utf8) {
            guard let hash = Hash256(hex: rest) else { return nil }
            self = .key(KeyHash(rawValue: hash))
        } else if kind.elementsEqual("post".utf8) {
            guard let post = Stream.id(rest) else { return nil }
            self = .post(PostID(post))
        } else if kind.elementsEqual("like".utf8) {
            guard let (post, account) = Stream.ids(rest) else { return nil }
            self = .like(PostID(post), by: AccountID(account))
        } else if kind.elementsEqual("follow".utf8) {
            guard let (follower, followed) = Stream.ids(rest) else { return nil }
            self = .follow(AccountID(follower), of: AccountID(followed))
        } else if kind.elementsEqual("media".utf8) {
            guard let media = Stream.id(rest) else { return nil }
            self = .media(MediaID(media))
        } else {
            return nil
        }
    }

    /// Reads a name back; `nil` for whatever ``appendName(to:)`` does not write.
    public init?(name: String) {
        guard let stream = name.withUTF8Bytes({ Stream(name: $0) }) else { return nil }
        self = stream
    }

    private static func id(_ digits: UnsafeRawBufferPointer) -> UInt64? {
        guard let first = digits.first, first != UInt8(ascii: "0") else { return nil }
        var id: UInt64 = 0
        for digit in digits {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit else { return nil }
            let (tens, overflow) = id.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
            guard !overflow, !carry else { return nil }
            id = sum
        }
        return id
    }

    private static func ids(_ text: UnsafeRawBufferPointer) -> (UInt64, UInt64)? {
        guard let slash = text.firstIndex(of: UInt8(ascii: "/")),
            let first = id(UnsafeRawBufferPointer(rebasing: text[..<slash])),
            let second = id(UnsafeRawBufferPointer(rebasing: text[(slash + 1)...]))
        else { return nil }
        return (first, second)
    }
}
