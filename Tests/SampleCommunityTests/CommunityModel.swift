import Microblog
import PlainMicroblog
import SampleCommunity

/// A sample community, command by command, over the plain model of a microblog: each must be in order and change
/// something.
struct CommunityModel {
    private(set) var microblog = PlainMicroblog()
    /// The ids by number, each kind on its own; those of what is gone stay.
    private(set) var accounts: [AccountID] = []
    private(set) var posts: [PostID] = []
    private var media: [MediaID] = []
    /// The numbers of the authors of all posts, and of those who follow and whom.
    private(set) var authors: [Int] = []
    private var numbers: [AccountID: Int] = [:]
    /// How often a post was liked, by its number.
    private(set) var likesPerPost: [Int: Int] = [:]
    /// How often a follow or a like was taken back.
    private(set) var undone = 0
    private var time = Timestamp(.min)

    /// Who follows whom, by number.
    var follows: [(follower: Int, followed: Int)] {
        microblog.following.flatMap { account, people in
            people.map { (numbers[account] ?? 0, numbers[$0.account] ?? 0) }
        }
    }

    /// Files that are on no post.
    var freeFiles: Int { microblog.files.values.count { $0.post == nil } }

    /// Takes the next command in; says what is wrong with it.
    mutating func apply(_ sample: SampleCommand) -> String? {
        guard sample.time >= time else { return "time goes back" }
        time = sample.time
        let isNew = if case .register = sample.action { true } else { false }
        guard isNew || accounts.indices ~= sample.account - 1 else { return "account \(sample.account) is not there" }
        let issuer = isNew ? Issuer.operator : .account(accounts[sample.account - 1])
        let position = microblog.position + 1
        do throws(Fault) {
            let command = try command(sample)
            switch microblog.answer(to: command, by: issuer, at: time.milliseconds, limits: Limits()) {
            case .event(let event): microblog.apply(event, by: issuer, at: position, time: time.milliseconds)
            case .alreadySo: return "changes nothing"
            case .rejected(let word): return word
            }
        } catch {
            return error.problem
        }
        count(sample, at: position)
        return nil
    }

    private struct Fault: Error {
        let problem: String
    }

    private func command(_ sample: SampleCommand) throws(Fault) -> Command {
        switch sample.action {
        case .register(let name, _):
            guard sample.account == accounts.count + 1 else { throw Fault(problem: "not the next account") }
            guard let name = try? DisplayName(name), let handle = try? Handle("u\(sample.account)") else {
                throw Fault(problem: "bad name")
            }
            return .registerAccount(RegisterAccount(handle: handle, name: name, role: .member, key: nil))
        case .follow(let other): return .followAccount(FollowAccount(try id(other, in: accounts)))
        case .unfollow(let other): return .unfollowAccount(UnfollowAccount(try id(other, in: accounts)))
        case .post(let number, let text, let replyTo, let files):
            guard number == posts.count + 1 else { throw Fault(problem: "not the next post") }
            var attached: [MediaID] = []
            for file in files { attached.append(try id(file, in: media)) }
            var answered: PostID?
            if let replyTo { answered = try id(replyTo, in: posts) }
            return .publishPost(PublishPost(text: text, replyTo: answered, media: attached))
        case .delete(let post): return .deletePost(DeletePost(try id(post, in: posts)))
        case .like(let post): return .likePost(LikePost(try id(post, in: posts)))
        case .unlike(let post): return .unlikePost(UnlikePost(try id(post, in: posts)))
        case .media(let number, let file):
            guard number == media.count + 1 else { throw Fault(problem: "not the next file") }
            // Which bytes it has is of no interest here.
            let content = ContentHash(bytes: [UInt8](repeating: 0, count: Hash256.byteCount))!
            return .uploadMedia(UploadMedia(content: content, type: .png, size: UInt64(file.count)))
        }
    }

    private func id<ID>(_ number: Int, in ids: [ID]) throws(Fault) -> ID {
        guard ids.indices ~= number - 1 else { throw Fault(problem: "\(number) is not there") }
        return ids[number - 1]
    }

    private mutating func count(_ sample: SampleCommand, at position: UInt64) {
        switch sample.action {
        case .register:
            accounts.append(AccountID(position))
            numbers[AccountID(position)] = accounts.count
        case .post:
            posts.append(PostID(position))
            authors.append(sample.account)
        case .media: media.append(MediaID(position))
        case .like(let post): likesPerPost[post, default: 0] += 1
        case .unfollow, .unlike: undone += 1
        case .follow, .delete: break
        }
    }
}
