extension Stream: CustomStringConvertible {
    /// The most bytes that a name has: those of `key/` and 64 digits.
    public static let maximumNameLength = 68

    /// Appends the name, in ASCII: `handle/alice`, `account/17`, `key/<64 digits>`, `post/812`, `like/812/17`,
    /// `follow/17/20`, `media/30`.
    public func appendName(to name: inout [UInt8]) {
        switch self {
        case .handle(let handle):
            name.append(text: "handle/")
            handle.append(to: &name)
        case .account(let account):
            name.append(text: "account/")
            name.appendDecimal(account.rawValue)
        case .key(let key):
            name.append(text: "key/")
            key.rawValue.appendHex(to: &name)
        case .post(let post):
            name.append(text: "post/")
            name.appendDecimal(post.rawValue)
        case .like(let post, let account):
            name.append(text: "like/")
            name.appendDecimal(post.rawValue)
            name.append(UInt8(ascii: "/"))
            name.appendDecimal(account.rawValue)
        case .follow(let follower, let followed):
            name.append(text: "follow/")
            name.appendDecimal(follower.rawValue)
            name.append(UInt8(ascii: "/"))
            name.appendDecimal(followed.rawValue)
        case .media(let media):
            name.append(text: "media/")
            name.appendDecimal(media.rawValue)
        }
    }

    /// The name.
    public var description: String {
        var name: [UInt8] = []
        appendName(to: &name)
        return String(decoding: name, as: UTF8.self)
    }
}
