import Microblog
import TestSupport

extension SplitMix64 {
    /// An event of any type, each as likely as the others.
    mutating func event() -> Event {
        switch EventType.allCases.randomElement(using: &self)! {
        case .accountRegistered: .accountRegistered(handle: handle(), name: name(), role: role(), key: key())
        case .keyIssued: .keyIssued(account: AccountID(number()), key: hash())
        case .keyRevoked: .keyRevoked(hash())
        case .postPublished: .postPublished(text: text(), replyTo: post(), media: media())
        case .postDeleted: .postDeleted(PostID(number()))
        case .postLiked: .postLiked(PostID(number()))
        case .postUnliked: .postUnliked(PostID(number()))
        case .accountFollowed: .accountFollowed(AccountID(number()))
        case .accountUnfollowed: .accountUnfollowed(AccountID(number()))
        case .mediaUploaded: .mediaUploaded(content: hash(), type: mediaType(), size: number())
        case .mediaAttached: .mediaAttached(MediaID(number()), to: PostID(number()))
        }
    }

    mutating func stream() -> Microblog.Stream {
        switch below(7) {
        case 0: .handle(handle())
        case 1: .account(AccountID(number()))
        case 2: .key(hash())
        case 3: .post(PostID(number()))
        case 4: .like(PostID(number()), by: AccountID(number()))
        case 5: .follow(AccountID(number()), of: AccountID(number()))
        default: .media(MediaID(number()))
        }
    }

    /// Few different values, so that equal commands are drawn, too.
    mutating func smallCommand() -> Command {
        let text = ["", "a", "ab", "\0", "\u{1}a"][below(5)]
        let post = below(2) == 0 ? nil : PostID(UInt64(1 + below(2)))
        let media = (0..<below(3)).map { _ in MediaID(UInt64(1 + below(2))) }
        let key = KeyHash(filledWith: UInt8(below(2)))
        let handle = try! Handle(["a", "ab"][below(2)])
        let id = UInt64(1 + below(2))
        return switch below(11) {
        case 0:
            .registerAccount(
                handle: handle, name: try! DisplayName("n" + text), role: role(), key: below(2) == 0 ? nil : key)
        case 1: .issueKey(account: AccountID(id), key: key)
        case 2: .revokeKey(key)
        case 3: .publishPost(text: text, replyTo: post, media: media)
        case 4: .deletePost(PostID(id))
        case 5: .likePost(PostID(id))
        case 6: .unlikePost(PostID(id))
        case 7: .followAccount(AccountID(id))
        case 8: .unfollowAccount(AccountID(id))
        case 9: .uploadMedia(content: ContentHash(filledWith: UInt8(below(2))), type: mediaType(), size: id)
        default: .attachMedia(MediaID(id), to: PostID(UInt64(1 + below(2))))
        }
    }
}
