import ContractChecks
import Microblog
import PlainMicroblog

/// What a community is like after a file of commands: the plain model of a microblog, by the names of the file.
struct CommunityModel {
    private(set) var microblog = PlainMicroblog()
    /// What the file's names stand for.
    private(set) var accounts: [String: AccountID] = [:]
    private(set) var posts: [String: PostID] = [:]
    private var media: [String: MediaID] = [:]

    /// Takes one command in; one that changes nothing is passed over.
    mutating func take(_ line: JSONValue) throws {
        guard let action = line["do"]?.string, let user = line["user"]?.string,
            let time = line["at"]?.string.flatMap({ Timestamp($0) })?.milliseconds
        else { throw Unexpected("\(line)") }
        let issuer = action == "register" ? Issuer.operator : .account(try account(user))
        let command = try command(action, user, line)
        let position = microblog.position + 1
        switch microblog.answer(to: command, by: issuer, at: time, limits: Limits()) {
        case .alreadySo: return
        case .rejected(let word): throw Unexpected("\(word): \(line)")
        case .event(let event): microblog.apply(event, by: issuer, at: position, time: time)
        }
        switch action {
        case "register": accounts[user] = AccountID(position)
        case "post": posts[line["post"]?.string ?? ""] = PostID(position)
        case "media": media[line["media"]?.string ?? ""] = MediaID(position)
        default: break
        }
    }

    private func command(_ action: String, _ user: String, _ line: JSONValue) throws -> Command {
        switch action {
        case "register":
            return .registerAccount(
                RegisterAccount(
                    handle: try Handle(user), name: try DisplayName(line["name"]?.string ?? user), role: .member,
                    key: nil))
        case "post":
            let files = try (line["media"]?.array ?? []).map { try known($0.string, media) }
            let replyTo = try line["reply_to"].map { try post($0.string) }
            return .publishPost(PublishPost(text: line["text"]?.string ?? "", replyTo: replyTo, media: files))
        case "delete": return .deletePost(DeletePost(try post(line["post"]?.string)))
        case "like": return .likePost(LikePost(try post(line["post"]?.string)))
        case "unlike": return .unlikePost(UnlikePost(try post(line["post"]?.string)))
        case "follow": return .followAccount(FollowAccount(try account(line["target"]?.string)))
        case "unfollow": return .unfollowAccount(UnfollowAccount(try account(line["target"]?.string)))
        case "media":
            // Which bytes it has is of no interest here.
            let content = ContentHash(bytes: [UInt8](repeating: 0, count: Hash256.byteCount))!
            return .uploadMedia(UploadMedia(content: content, type: .png, size: 1))
        default: throw Unexpected("\(line)")
        }
    }

    private func account(_ name: String?) throws -> AccountID { try known(name, accounts) }

    private func post(_ name: String?) throws -> PostID { try known(name, posts) }

    private func known<ID>(_ name: String?, _ ids: [String: ID]) throws -> ID {
        guard let name, let id = ids[name] else { throw Unexpected("\(name ?? "nothing") is not there") }
        return id
    }
}
