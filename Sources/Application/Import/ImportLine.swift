internal import JSON

/// One line of an import: a command as JSON, with names of the file's own for accounts (`u17`), posts (`p77`) and
/// media.
struct ImportLine {
    enum Action: String {
        case register, rename, post, delete, like, unlike, follow, unfollow, media
    }

    let at: String
    let action: Action
    let user: String
    let name: String?
    /// The new handle of a `rename` line.
    let handle: String?
    let key: String?
    let target: String?
    let post: String?
    let text: String?
    let replyTo: String?
    /// The names of the uploads of a `post` line.
    let media: [String]
    /// The name that a `media` line gives its upload; the same field of the line.
    let mediaName: String?
    let base64: String?

    /// Reads a line.
    ///
    /// - Throws: ``ImportProblem`` if it is no JSON object, or a field that all lines need is missing, or one is of the
    ///   wrong type.
    init(_ bytes: UnsafeRawBufferPointer) throws(ImportProblem) {
        let line: JSONObject
        do throws(JSONError) {
            line = try JSONObject(parsing: bytes)
        } catch {
            throw ImportProblem("it is \(error)")
        }
        let verb: String
        do throws(JSONFieldError) {
            verb = try line.requiredString("do")
            at = try line.requiredString("at")
            user = try line.requiredString("user")
            name = try line.string("name")
            handle = verb == Action.rename.rawValue ? try line.string("handle") : nil
            key = try line.string("key")
            target = try line.string("target")
            post = try line.string("post")
            text = try line.string("text")
            replyTo = try line.string("reply_to")
            media = verb == Action.post.rawValue ? try line.strings("media") : []
            mediaName = verb == Action.media.rawValue ? try line.string("media") : nil
            base64 = try line.string("base64")
        } catch {
            throw ImportProblem("\(error)")
        }
        guard let action = Action(rawValue: verb) else {
            throw ImportProblem("the field \"do\" has an unknown value, \"\(verb)\"")
        }
        self.action = action
    }

    /// The value of a field that an action needs.
    func require<Value>(_ value: Value?, _ field: String) throws(ImportProblem) -> Value {
        guard let value else { throw ImportProblem("\"\(action.rawValue)\" needs the field \"\(field)\"") }
        return value
    }
}

/// What is wrong with a line.
struct ImportProblem: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
