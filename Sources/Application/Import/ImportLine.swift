internal import CSodium
internal import JSON
internal import Microblog

/// One line of an import: a command as JSON, with names of the file's own for accounts (`u17`), posts (`p77`) and
/// media.
struct ImportLine {
    enum Action: String {
        case register, rename, post, delete, like, unlike, follow, unfollow, media, pin, unpin
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
    /// - Throws: ``ImportProblem`` if it is not a JSON object, or a field that all lines need is missing, or one is of
    ///   the wrong type.
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

extension ImportLine {
    /// The command of a line, and who gives it.
    ///
    /// - Parameters:
    ///   - references: the meaning of the names in the line.
    ///   - demoKeys: whether an account that has no key of its own gets `key-<handle>`.
    ///   - upload: the file of a `media` line, which is in the store already.
    func command(
        _ references: ImportReferences, demoKeys: Bool, upload: StoredMedia?
    ) throws(ImportProblem) -> (command: Command, issuer: Issuer) {
        if action == .register { return (try registration(demoKeys: demoKeys), .operator) }
        let issuer = Issuer.account(try references.account(user))
        switch action {
        case .register: preconditionFailure("registrations are handled above")
        case .rename: return (try change(references), issuer)
        case .post:
            _ = try require(post, "post")
            var media: [MediaID] = []
            for name in self.media { media.append(try references.mediaID(name)) }
            var parent: PostID?
            if let replyTo { parent = try references.post(replyTo) }
            return (.publishPost(PublishPost(text: try require(text, "text"), replyTo: parent, media: media)), issuer)
        case .delete: return (.deletePost(DeletePost(try references.post(require(post, "post")))), issuer)
        case .like: return (.likePost(LikePost(try references.post(require(post, "post")))), issuer)
        case .pin: return (.pinPost(PinPost(try references.post(require(post, "post")))), issuer)
        case .unpin: return (.unpinPost(UnpinPost(try references.post(require(post, "post")))), issuer)
        case .unlike: return (.unlikePost(UnlikePost(try references.post(require(post, "post")))), issuer)
        case .follow: return (.followAccount(FollowAccount(try references.account(require(target, "target")))), issuer)
        case .unfollow:
            return (.unfollowAccount(UnfollowAccount(try references.account(require(target, "target")))), issuer)
        case .media:
            _ = try require(mediaName, "media")
            let file = try require(upload, "base64")
            return (.uploadMedia(UploadMedia(content: file.content, type: file.type, size: file.size)), issuer)
        }
    }

    private func change(_ references: ImportReferences) throws(ImportProblem) -> Command {
        guard name != nil || handle != nil else {
            throw ImportProblem("\"rename\" needs the field \"name\" or \"handle\"")
        }
        let account = try references.account(user)
        do throws(Rejection) {
            let name: DisplayName? = if let name { try DisplayName(name) } else { nil }
            let handle: Handle? = if let handle { try Handle(handle) } else { nil }
            return .changeAccount(ChangeAccount(account: account, name: name, handle: handle))
        } catch {
            throw ImportProblem(error.message)
        }
    }

    private func registration(demoKeys: Bool) throws(ImportProblem) -> Command {
        var hash: KeyHash?
        if let text = key ?? (demoKeys ? "key-\(user.lowercased())" : nil) {
            guard let key = AccessKey(text) else {
                throw ImportProblem("a key has 1 to \(AccessKey.longest) visible ASCII characters")
            }
            hash = key.hash
        }
        do throws(Rejection) {
            return .registerAccount(
                RegisterAccount(
                    handle: try Handle(user), name: try DisplayName(name ?? user), role: .member, key: hash))
        } catch {
            throw ImportProblem(error.message)
        }
    }
}

/// Base64 (RFC 4648, section 4) by libsodium.
enum Base64 {
    /// The bytes of a text; `nil` if it is not base64 with its padding, or holds anything else.
    static func decode(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { text in
            var isWhole = false
            let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3 + 1) { bytes, count in
                let code = text.withMemoryRebound(to: CChar.self) {
                    sodium_base642bin(
                        bytes.baseAddress!, bytes.count, $0.baseAddress, $0.count, nil, &count, nil,
                        sodium_base64_VARIANT_ORIGINAL)
                }
                isWhole = code == 0
                if !isWhole { count = 0 }
            }
            return isWhole ? bytes : nil
        }
    }
}
