import Microblog
import SampleCommunity

/// The simplest thing that knows what a valid history is. Every command must change something.
struct CommunityModel {
    private(set) var names: [String] = []
    private(set) var follows: Set<[Int]> = []
    private(set) var authors: [Int: Int] = [:]
    private(set) var deleted: Set<Int> = []
    private(set) var likes: Set<[Int]> = []
    private(set) var likesPerPost: [Int: Int] = [:]
    private(set) var freeMedia: [Int: Int] = [:]
    private(set) var undone = 0
    private var posts = 0
    private var media = 0
    private var time = Timestamp(.min)

    /// Takes the next command in; says what is wrong with it.
    mutating func apply(_ command: SampleCommand) -> String? {
        guard command.time >= time else { return "time goes back" }
        time = command.time
        let account = command.account
        if case .register(let name, _) = command.action {
            guard account == names.count + 1 else { return "account \(account) is not the next" }
            names.append(name)
            return (try? DisplayName(name)) == nil || (try? Handle("u\(account)")) == nil ? "bad name" : nil
        }
        guard isAccount(account) else { return "account \(account) is not there" }
        switch command.action {
        case .register: return nil
        case .follow(let other):
            guard isAccount(other), other != account else { return "cannot follow \(other)" }
            return follows.insert([account, other]).inserted ? nil : "follows already"
        case .unfollow(let other):
            undone += 1
            return follows.remove([account, other]) != nil ? nil : "does not follow"
        case .post(let number, let text, let replyTo, let media):
            return publish(number, text, replyTo, media, by: account)
        case .delete(let post):
            guard isThere(post), authors[post] == account else { return "cannot delete \(post)" }
            deleted.insert(post)
            return nil
        case .like(let post):
            guard isThere(post) else { return "cannot like \(post)" }
            likesPerPost[post, default: 0] += 1
            return likes.insert([account, post]).inserted ? nil : "likes already"
        case .unlike(let post):
            undone += 1
            guard isThere(post) else { return "cannot unlike \(post)" }
            return likes.remove([account, post]) != nil ? nil : "does not like"
        case .media(let number, let file):
            media += 1
            guard number == media, !file.isEmpty else { return "media \(number) is not the next" }
            freeMedia[number] = account
            return nil
        }
    }

    private mutating func publish(
        _ number: Int, _ text: String, _ replyTo: Int?, _ media: [Int], by account: Int
    ) -> String? {
        posts += 1
        guard number == posts else { return "post \(number) is not the next" }
        if let replyTo { guard isThere(replyTo) else { return "cannot answer \(replyTo)" } }
        for number in media {
            guard freeMedia.removeValue(forKey: number) == account else { return "cannot attach \(number)" }
        }
        authors[number] = account
        let isBlank = text.allSatisfy { $0.isWhitespace }
        return isBlank || text.unicodeScalars.count > Limits().textLength || media.count > 10 ? "bad post" : nil
    }

    private func isAccount(_ account: Int) -> Bool {
        1...max(1, names.count) ~= account && !names.isEmpty
    }

    private func isThere(_ post: Int) -> Bool {
        authors[post] != nil && !deleted.contains(post)
    }
}
