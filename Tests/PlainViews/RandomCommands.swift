public import Microblog
public import PlainMicroblog
internal import TestSupport

/// Commands, valid and not, about a dozen accounts and what they have made: so few that the same ones meet again.
public struct RandomCommands {
    private var random: SplitMix64
    private var handles = 0

    /// Begins the sequence of a seed.
    public init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// A command about what is there, or was.
    public mutating func next(_ views: PlainMicroblog) -> (issuer: Issuer, command: Command) {
        guard views.accounts.count >= 3 else { return (.operator, registration()) }
        let account = pick(views.accounts.keys)
        let issuer = Issuer.account(account)
        switch random.below(46) {
        case 0: return (.operator, registration())
        case 1: return (.operator, .issueKey(IssueKey(account: account, key: key())))
        case 2: return (.operator, .revokeKey(RevokeKey(key())))
        case 3...9: return (issuer, publication(views, by: account))
        case 10: return (issuer, .deletePost(DeletePost(post(views))))
        case 11...12:
            // One's own, so that it is carried out.
            let own = views.posts(by: account)
            guard !own.isEmpty else { return (issuer, .deletePost(DeletePost(post(views)))) }
            return (issuer, .deletePost(DeletePost(own[random.below(own.count)])))
        case 13...21: return (issuer, .likePost(LikePost(post(views))))
        case 22...25: return (issuer, .unlikePost(UnlikePost(post(views))))
        case 26...27:
            // A like that is there is taken back and given again, mostly soon after.
            guard let (post, person) = someLike(views) else { return (issuer, .likePost(LikePost(post(views)))) }
            return (.account(person), .unlikePost(UnlikePost(post)))
        case 28...31: return (issuer, .followAccount(FollowAccount(pick(views.accounts.keys))))
        case 32...33: return (issuer, .unfollowAccount(UnfollowAccount(pick(views.accounts.keys))))
        case 34...36: return (issuer, upload(views))
        case 40...42:
            let own = views.posts(by: account)
            guard !own.isEmpty else { return (issuer, .pinPost(PinPost(post(views)))) }
            let pin = own[random.below(min(own.count, 9))]
            return (issuer, random.below(3) > 0 ? .pinPost(PinPost(pin)) : .unpinPost(UnpinPost(pin)))
        case 37...39: return (issuer, change(of: account))
        default:
            let free = views.files.filter { $0.value.post == nil && $0.value.owner == account }.keys
            let own = views.posts(by: account)
            guard !free.isEmpty, !own.isEmpty else { return (issuer, upload(views)) }
            return (issuer, .attachMedia(AttachMedia(pick(free), to: own[random.below(min(own.count, 3))])))
        }
    }

    private mutating func registration() -> Command {
        handles += 1
        // Some handles are taken already; past a dozen all are.
        let handle = try! Handle("h\(min(handles, 12) - (handles > 3 && random.below(4) == 0 ? 1 : 0))")
        let name = try! DisplayName(["Ada", "Bé", "丙 丙", "D"][random.below(4)] + "\(handles)")
        return .registerAccount(
            RegisterAccount(
                handle: handle, name: name, role: random.below(5) == 0 ? .admin : .member,
                key: random.below(2) == 0 ? key() : nil))
    }

    /// Names of all lengths, some with what JSON escapes, and handles that go from hand to hand.
    private mutating func change(of account: AccountID) -> Command {
        let long = String(repeating: "ж", count: 1 + random.below(30))
        let name = ["Ada \"L.\"", "B\\é", "丙", long, long + " " + long][random.below(5)] + "\(random.below(1_000))"
        let handle = random.below(3) > 0 ? try! Handle("h\(random.below(16))") : nil
        return .changeAccount(
            ChangeAccount(
                account: account, name: random.below(4) > 0 || handle == nil ? try! DisplayName(name) : nil,
                handle: handle))
    }

    private mutating func publication(_ views: PlainMicroblog, by account: AccountID) -> Command {
        let free = views.files.filter { $0.value.post == nil && $0.value.owner == account }.keys.sorted()
        let text = ["a", "hello", "größer", "line\nbreak \"quoted\"", " "][random.below(5)]
        return .publishPost(
            PublishPost(
                text: text, replyTo: random.below(3) == 0 ? post(views) : nil,
                media: Array(free.prefix(random.below(4))).shuffled(using: &random)))
    }

    private mutating func upload(_ views: PlainMicroblog) -> Command {
        // A content has one type and one size.
        let number = random.below(8)
        let content = ContentHash(bytes: [UInt8](repeating: UInt8(number), count: Hash256.byteCount))!
        return .uploadMedia(
            UploadMedia(
                content: content, type: MediaType.allCases[number % MediaType.allCases.count], size: UInt64(number)))
    }

    private mutating func key() -> KeyHash {
        KeyHash(bytes: [UInt8](repeating: UInt8(random.below(30)), count: Hash256.byteCount))!
    }

    /// Mostly one of the newest; now and then one that is deleted or never was.
    private mutating func post(_ views: PlainMicroblog) -> PostID {
        if random.below(12) == 0 { return PostID(UInt64(random.below(Int(views.position) + 2))) }
        let newest = views.posts.keys.sorted(by: >).prefix(random.below(3) == 0 ? 100 : 6)
        return newest.randomElement(using: &random) ?? PostID(1)
    }

    private mutating func someLike(_ views: PlainMicroblog) -> (PostID, AccountID)? {
        let all = views.likes.sorted { $0.key < $1.key }.flatMap { post, people in people.map { (post, $0) } }
        return all.max { $0.1.position < $1.1.position }.map { ($0.0, $0.1.account) }
    }

    /// One of a set, the same for the same seed: a set's own order is not.
    private mutating func pick<ID: EntityID>(_ ids: some Collection<ID>) -> ID {
        ids.sorted().randomElement(using: &random)!
    }
}
