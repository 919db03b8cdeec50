internal import FoundationEssentials

/// One line of an import: a command as JSON, with names of the file's own for accounts (`u17`), posts (`p77`) and media.
struct ImportLine: Decodable {
    enum Action: String, Decodable {
        case register, post, delete, like, unlike, follow, unfollow, media
    }

    /// Either the name of an upload, or the names of those on a post.
    enum MediaNames: Decodable {
        case one(String)
        case several([String])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let name = try? container.decode(String.self) {
                self = .one(name)
            } else {
                self = .several(try container.decode([String].self))
            }
        }
    }

    let at: String
    let action: Action
    let user: String
    let name: String?
    let key: String?
    let target: String?
    let post: String?
    let text: String?
    let replyTo: String?
    let media: MediaNames?
    let base64: String?

    enum CodingKeys: String, CodingKey {
        case at, user, name, key, target, post, text, media, base64
        case action = "do"
        case replyTo = "reply_to"
    }

    /// The value of a field that an action needs.
    func require<Value>(_ value: Value?, _ field: String) throws(ImportProblem) -> Value {
        guard let value else { throw ImportProblem("\"\(action.rawValue)\" needs the field \"\(field)\"") }
        return value
    }

    /// The uploads of a `post` line.
    func mediaNames() throws(ImportProblem) -> [String] {
        switch media {
        case nil: return []
        case .several(let names): return names
        case .one: throw ImportProblem("\"media\" of a post is a list")
        }
    }

    /// The upload of a `media` line.
    func mediaName() throws(ImportProblem) -> String {
        guard case .one(let name) = try require(media, "media") else {
            throw ImportProblem("\"media\" of an upload is one name")
        }
        return name
    }
}

/// What is wrong with a line.
struct ImportProblem: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
