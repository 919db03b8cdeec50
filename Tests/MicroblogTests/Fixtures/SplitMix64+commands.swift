import Microblog
import TestSupport

extension SplitMix64 {
    /// Mostly an account that exists, now and then the operator or a number that is not an account.
    mutating func issuer(in history: History) -> Issuer {
        below(12) == 0 ? .operator : Issuer(rawValue: position(of: AccountRegistered.type, in: history))
    }

    /// A command about what there mostly is, with few handles and keys, so that the same ones meet again and again.
    mutating func command(in history: History) -> Command {
        let account = AccountID(position(of: AccountRegistered.type, in: history))
        let post = PostID(position(of: PostPublished.type, in: history))
        let key = KeyHash(filledWith: UInt8(below(20)))
        switch below(32) {
        case 0:
            return .registerAccount(
                RegisterAccount(
                    handle: try! Handle("h\(below(12))"), name: name(), role: role(), key: below(2) == 0 ? nil : key))
        case 24...26:
            return .changeAccount(
                ChangeAccount(
                    account: account, name: below(3) == 0 ? try! DisplayName("n\(below(3))") : nil,
                    handle: below(4) == 0 ? nil : try! Handle("h\(below(12))")))
        case 27...30: return .pinPost(PinPost(post))
        case 31: return .unpinPost(UnpinPost(post))
        case 1: return .issueKey(IssueKey(account: account, key: key))
        case 2: return .revokeKey(RevokeKey(key))
        case 3...6:
            let text = ["a", "hello", "hello!", " ", "äöü"][below(5)]
            return .publishPost(
                PublishPost(text: text, replyTo: below(3) == 0 ? post : nil, media: freshMedia(in: history)))
        case 7: return .deletePost(DeletePost(post))
        case 8...10: return .likePost(LikePost(post))
        case 11: return .unlikePost(UnlikePost(post))
        case 12...13: return .followAccount(FollowAccount(account))
        case 14: return .unfollowAccount(UnfollowAccount(account))
        case 15...19: return .uploadMedia(UploadMedia(content: hash(), type: mediaType(), size: UInt64(below(9))))
        default: return .attachMedia(AttachMedia(MediaID(position(of: MediaUploaded.type, in: history)), to: post))
        }
    }

    private mutating func freshMedia(in history: History) -> [MediaID] {
        (0..<max(0, below(9) - 4)).map { _ in MediaID(position(of: MediaUploaded.type, in: history)) }
    }

    /// The position of such an event, mostly a late one; sometimes of another, of none, or 0.
    private mutating func position(of type: EventType, in history: History) -> UInt64 {
        let positions = history.events.indices.filter { history.events[$0].event.type == type }.map { UInt64($0 + 1) }
        guard below(10) > 0, let position = positions.suffix(5).randomElement(using: &self) else {
            return UInt64(below(history.events.count + 2))
        }
        return position
    }
}
