internal import Bytes
public import Microblog

extension SampleCommand {
    /// The command as a line of JSON, without the newline.
    public var line: String {
        var bytes: [UInt8] = []
        appendLine(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the line of JSON, without a newline.
    public func appendLine(to bytes: inout [UInt8]) {
        bytes.append("{\"at\":\"")
        withUnsafeTemporaryAllocation(byteCount: 24, alignment: 1) { written in
            time.write(to: written)
            bytes.append(contentsOf: written)
        }
        bytes.append("\",\"do\":\"")
        bytes.append(verb)
        bytes.append("\",\"user\":\"u")
        bytes.append(decimal: account)
        bytes.append(UInt8(ascii: "\""))
        appendFields(to: &bytes)
        bytes.append(UInt8(ascii: "}"))
    }

    private var verb: StaticString {
        switch action {
        case .register: "register"
        case .follow: "follow"
        case .unfollow: "unfollow"
        case .post: "post"
        case .delete: "delete"
        case .like: "like"
        case .unlike: "unlike"
        case .media: "media"
        }
    }

    private func appendFields(to bytes: inout [UInt8]) {
        switch action {
        case .register(let name, let key):
            bytes.append(field: "name", name)
            if let key { bytes.append(field: "key", key) }
        case .follow(let account), .unfollow(let account):
            bytes.append(field: "target", "u", account)
        case .post(let number, let text, let replyTo, let media):
            bytes.append(field: "post", "p", number)
            bytes.append(field: "text", text)
            if let replyTo { bytes.append(field: "reply_to", "p", replyTo) }
            if !media.isEmpty { bytes.append(media: media) }
        case .delete(let post), .like(let post), .unlike(let post):
            bytes.append(field: "post", "p", post)
        case .media(let number, let file):
            bytes.append(field: "media", "m", number)
            bytes.append(",\"base64\":\"")
            bytes.append(base64: file)
            bytes.append(UInt8(ascii: "\""))
        }
    }
}

extension [UInt8] {
    mutating func append(_ text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(decimal number: Int) { append(decimal: UInt64(number)) }

    fileprivate mutating func append(field: StaticString, _ prefix: StaticString, _ number: Int) {
        append(",\"")
        append(field)
        append("\":\"")
        append(prefix)
        append(decimal: number)
        append(UInt8(ascii: "\""))
    }

    fileprivate mutating func append(field: StaticString, _ text: String) {
        append(",\"")
        append(field)
        append("\":")
        text.withUTF8Bytes { utf8 in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: JSONString.room(for: utf8.count)) { room in
                let count = JSONString.write(utf8, .numbered, to: room.baseAddress!)
                append(contentsOf: room[..<count])
            }
        }
    }

    fileprivate mutating func append(media: [Int]) {
        append(",\"media\":[")
        for (index, number) in media.enumerated() {
            append(index == 0 ? "\"m" : ",\"m")
            append(decimal: number)
            append(UInt8(ascii: "\""))
        }
        append(UInt8(ascii: "]"))
    }

    fileprivate mutating func append(base64 file: [UInt8]) {
        for start in stride(from: 0, to: file.count, by: 3) {
            let piece = file[start..<Swift.min(start + 3, file.count)]
            var bits = piece.reduce(0) { $0 << 8 | UInt32($1) }
            bits <<= 8 * UInt32(3 - piece.count)
            for place in 0...3 {
                let digit = bits >> UInt32(18 - 6 * place) & 63
                append(place <= piece.count ? base64Digit(UInt8(digit)) : UInt8(ascii: "="))
            }
        }
    }
}

private func base64Digit(_ value: UInt8) -> UInt8 {
    switch value {
    case 0..<26: UInt8(ascii: "A") + value
    case 26..<52: UInt8(ascii: "a") + value - 26
    case 52..<62: UInt8(ascii: "0") + value - 52
    case 62: UInt8(ascii: "+")
    default: UInt8(ascii: "/")
    }
}

/// One action of an account in a sample community.
///
/// Accounts, posts and media are numbered from 1, each kind on its own, in the order in which they are created.
public struct SampleCommand: Hashable, Sendable {
    /// The action.
    public enum Action: Hashable, Sendable {
        /// The account registers. `key` is its access key, if one was asked for.
        case register(name: String, key: String?)
        case follow(account: Int)
        case unfollow(account: Int)
        case post(number: Int, text: String, replyTo: Int?, media: [Int])
        case delete(post: Int)
        case like(post: Int)
        case unlike(post: Int)
        /// A file is uploaded, whole: a PNG picture.
        case media(number: Int, file: [UInt8])
    }

    /// The time. It is never before that of the command before it.
    public let time: Timestamp

    /// The number of the account that acts.
    public let account: Int

    /// The action.
    public let action: Action

    /// Puts the three together.
    public init(time: Timestamp, account: Int, action: Action) {
        self.time = time
        self.account = account
        self.action = action
    }
}
