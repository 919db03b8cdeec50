import Microblog
import TestSupport

extension SplitMix64 {
    /// An event of any kind, each as likely as the others.
    mutating func event() -> Event {
        events().randomElement(using: &self)!
    }

    /// One event of every kind.
    mutating func events() -> [Event] {
        var events: [Event] = []
        var next: Event? = .accountRegistered(
            AccountRegistered(handle: handle(), name: name(), role: role(), key: key()))
        while let event = next {
            events.append(event)
            next = self.event(after: event)
        }
        return events
    }

    /// An event of the kind that comes next; `nil` after the last. A kind that is missing here does not compile.
    private mutating func event(after event: Event) -> Event? {
        switch event {
        case .accountRegistered:
            .accountChanged(
                AccountChanged(
                    account: AccountID(number()), name: name(), handle: handle(),
                    previousHandle: below(2) == 0 ? nil : handle()))
        case .accountChanged: .keyIssued(KeyIssued(account: AccountID(number()), key: hash()))
        case .keyIssued: .keyRevoked(KeyRevoked(hash()))
        case .keyRevoked: .postPublished(PostPublished(text: text(), replyTo: post(), media: media()))
        case .postPublished: .postDeleted(PostDeleted(PostID(number())))
        case .postDeleted: .postLiked(PostLiked(PostID(number())))
        case .postLiked: .postUnliked(PostUnliked(PostID(number())))
        case .postUnliked: .accountFollowed(AccountFollowed(AccountID(number())))
        case .accountFollowed: .accountUnfollowed(AccountUnfollowed(AccountID(number())))
        case .accountUnfollowed: .mediaUploaded(MediaUploaded(content: hash(), type: mediaType(), size: number()))
        case .mediaUploaded: .mediaAttached(MediaAttached(MediaID(number()), to: PostID(number())))
        case .mediaAttached: .postPinned(PostPinned(PostID(number()), pins: [PostID(number()), PostID(number())]))
        case .postPinned: .postUnpinned(PostUnpinned(PostID(number()), pins: []))
        case .postUnpinned: nil
        }
    }

    mutating func stream() -> Microblog.Stream {
        switch below(9) {
        case 0: .handle(handle())
        case 1: .account(AccountID(number()))
        case 2: .key(hash())
        case 3: .post(PostID(number()))
        case 4: .like(PostID(number()), by: AccountID(number()))
        case 5: .name(AccountID(number()))
        case 7: .pins(AccountID(number()))
        case 6: .follow(AccountID(number()), of: AccountID(number()))
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
        return switch below(14) {
        case 0:
            .registerAccount(
                RegisterAccount(
                    handle: handle, name: try! DisplayName("n" + text), role: role(), key: below(2) == 0 ? nil : key))
        case 11:
            .changeAccount(
                ChangeAccount(
                    account: AccountID(id), name: below(2) == 0 ? nil : try! DisplayName("n" + text),
                    handle: below(2) == 0 ? nil : handle))
        case 12: .pinPost(PinPost(PostID(id)))
        case 13: .unpinPost(UnpinPost(PostID(id)))
        case 1: .issueKey(IssueKey(account: AccountID(id), key: key))
        case 2: .revokeKey(RevokeKey(key))
        case 3: .publishPost(PublishPost(text: text, replyTo: post, media: media))
        case 4: .deletePost(DeletePost(PostID(id)))
        case 5: .likePost(LikePost(PostID(id)))
        case 6: .unlikePost(UnlikePost(PostID(id)))
        case 7: .followAccount(FollowAccount(AccountID(id)))
        case 8: .unfollowAccount(UnfollowAccount(AccountID(id)))
        case 9:
            .uploadMedia(UploadMedia(content: ContentHash(filledWith: UInt8(below(2))), type: mediaType(), size: id))
        default: .attachMedia(AttachMedia(MediaID(id), to: PostID(UInt64(1 + below(2)))))
        }
    }
}
