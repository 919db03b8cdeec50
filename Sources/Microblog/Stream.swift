internal import Bytes

/// What must be consistent together: the events of one stream have a strict order, and its newest one answers the
/// question that a rule asks.
///
/// One event may be the next of several streams at once, see ``Event/streams(at:by:)``. A case has three rows: itself,
/// its ``parts``, and its word in ``init(name:)``.
public enum Stream: Hashable, Sendable {
    /// Which account has this handle, or gave it up last?
    case handle(Handle)
    /// Does this account exist?
    case account(AccountID)
    /// Which name and handle does this account have, if not those of its registration?
    case name(AccountID)
    /// Is this key in use, or was it ever?
    case key(KeyHash)
    /// Does this post still exist, and what was put on it?
    case post(PostID)
    /// Does this account like this post?
    case like(PostID, by: AccountID)
    /// Does the first account follow the second?
    case follow(AccountID, of: AccountID)
    /// Is this file there, and is it on a post?
    case media(MediaID)
    /// Which posts has this account pinned?
    case pins(AccountID)

    /// The word that a name begins with, and what comes after it.
    private var parts: (kind: StaticString, rest: NameRest) {
        switch self {
        case .handle(let handle): ("handle", .handle(handle))
        case .account(let account): ("account", .id(account.rawValue))
        case .name(let account): ("name", .id(account.rawValue))
        case .key(let key): ("key", .key(key))
        case .post(let post): ("post", .id(post.rawValue))
        case .like(let post, let account): ("like", .ids(post.rawValue, account.rawValue))
        case .follow(let follower, let followed): ("follow", .ids(follower.rawValue, followed.rawValue))
        case .media(let media): ("media", .id(media.rawValue))
        case .pins(let account): ("pins", .id(account.rawValue))
        }
    }
}

extension Stream: CustomStringConvertible {
    /// The most bytes that a name has: those of `key/` and 64 digits.
    public static let maximumNameLength = 68

    /// Appends the name, in ASCII: `handle/alice`, `account/17`, `name/17`, `key/<64 digits>`, `post/812`,
    /// `like/812/17`, `follow/17/20`, `media/30`, `pins/17`.
    public func appendName(to name: inout [UInt8]) {
        let (kind, rest) = parts
        name.append(text: kind)
        name.append(UInt8(ascii: "/"))
        switch rest {
        case .handle(let handle): handle.append(to: &name)
        case .key(let key): key.rawValue.appendHex(to: &name)
        case .id(let id): name.append(decimal: id)
        case .ids(let first, let second):
            name.append(decimal: first)
            name.append(UInt8(ascii: "/"))
            name.append(decimal: second)
        }
    }

    /// The name.
    public var description: String {
        var name: [UInt8] = []
        appendName(to: &name)
        return String(decoding: name, as: UTF8.self)
    }

    /// Reads a name back; `nil` for anything that ``appendName(to:)`` does not write. So a stream has only one name.
    public init?(name: UnsafeRawBufferPointer) {
        guard let slash = name.firstIndex(of: UInt8(ascii: "/")) else { return nil }
        let rest = UnsafeRawBufferPointer(rebasing: name[(slash + 1)...])
        let stream: Stream? =
            switch String(decoding: name[..<slash], as: UTF8.self) {
            case "handle": Handle(stored: rest).map { .handle($0) }
            case "account": Decimal.id(rest).map { .account(AccountID($0)) }
            case "name": Decimal.id(rest).map { .name(AccountID($0)) }
            case "key": Hash256(hex: rest).map { .key(KeyHash(rawValue: $0)) }
            case "post": Decimal.id(rest).map { .post(PostID($0)) }
            case "like": Stream.ids(rest).map { .like(PostID($0), by: AccountID($1)) }
            case "follow": Stream.ids(rest).map { .follow(AccountID($0), of: AccountID($1)) }
            case "media": Decimal.id(rest).map { .media(MediaID($0)) }
            case "pins": Decimal.id(rest).map { .pins(AccountID($0)) }
            default: nil
            }
        guard let stream else { return nil }
        self = stream
    }

    /// Reads a name back; `nil` for anything that ``appendName(to:)`` does not write.
    public init?(name: String) {
        guard let stream = name.withUTF8Bytes({ Stream(name: $0) }) else { return nil }
        self = stream
    }

    private static func ids(_ text: UnsafeRawBufferPointer) -> (UInt64, UInt64)? {
        guard let slash = text.firstIndex(of: UInt8(ascii: "/")),
            let first = Decimal.id(text[..<slash]), let second = Decimal.id(text[(slash + 1)...])
        else { return nil }
        return (first, second)
    }

    private enum NameRest {
        case handle(Handle)
        case key(KeyHash)
        case id(UInt64)
        case ids(UInt64, UInt64)
    }
}

/// The streams that one event is the next event of: its own first, then those it binds.
///
/// A collection that works each stream out when it is asked for. So the list costs no allocation.
public struct BoundStreams: RandomAccessCollection, Sendable {
    private let own: Stream
    private let others: Others

    enum Others: Sendable {
        case none
        case post(PostID)
        case names(Handle, KeyHash?)
        case handles(Handle, Handle)
        case media([MediaID])
    }

    init(_ own: Stream, _ others: Others = .none) {
        self.own = own
        self.others = others
    }

    public var startIndex: Int { 0 }

    public var endIndex: Int {
        switch others {
        case .none: 1
        case .post: 2
        case .names(_, let key): key == nil ? 2 : 3
        case .handles: 3
        case .media(let media): 1 + media.count
        }
    }

    public subscript(index: Int) -> Stream {
        if index == 0 { return own }
        switch (others, index) {
        case (.post(let post), 1): return .post(post)
        case (.names(let handle, _), 1), (.handles(let handle, _), 1), (.handles(_, let handle), 2):
            return .handle(handle)
        case (.names(_, let key?), 2): return .key(key)
        case (.media(let media), _): return .media(media[index - 1])
        default: preconditionFailure("stream \(index) of \(count)")
        }
    }
}
