internal import Microblog

extension ImportLine {
    /// The command that a line stands for, and who gives it.
    ///
    /// - Parameters:
    ///   - references: what the names in the line stand for.
    ///   - demoKeys: whether an account that has no key of its own gets `key-<handle>`.
    ///   - upload: the file that a `media` line brought, which is in the store already.
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
