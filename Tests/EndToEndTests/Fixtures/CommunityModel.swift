import ContractChecks

/// What a community is like after a file of commands, kept in the plainest way: to compare the program with.
struct CommunityModel {
    struct Post {
        let name: String
        let author: String
        let text: String
        let replyTo: String?
        let time: String
        let media: Int
        /// Who likes it, oldest like first.
        var likes: [String] = []
    }

    /// The names that people see, by the file's names for accounts.
    private(set) var accounts: [String: String] = [:]
    private(set) var posts: [String: Post] = [:]
    /// Whom an account follows, and who follows it, oldest first.
    private(set) var following: [String: [String]] = [:]
    private(set) var followers: [String: [String]] = [:]
    /// How many commands changed something.
    private(set) var changes = 0

    /// Takes one command in.
    mutating func take(_ line: JSONValue) throws {
        guard let action = line["do"]?.string, let user = line["user"]?.string else { throw Unexpected("\(line)") }
        let post = line["post"]?.string ?? ""
        let target = line["target"]?.string ?? ""
        changes += 1
        switch action {
        case "register": accounts[user] = line["name"]?.string ?? user
        case "post":
            posts[post] = Post(
                name: post, author: user, text: line["text"]?.string ?? "", replyTo: line["reply_to"]?.string,
                time: line["at"]?.string ?? "", media: line["media"]?.array?.count ?? 0)
        case "delete": posts[post] = nil
        case "like":
            if posts[post]?.likes.contains(user) ?? true { changes -= 1 } else { posts[post]?.likes.append(user) }
        case "unlike":
            if posts[post]?.likes.contains(user) ?? false {
                posts[post]?.likes.removeAll { $0 == user }
            } else {
                changes -= 1
            }
        case "follow":
            if following[user, default: []].contains(target) {
                changes -= 1
            } else {
                following[user, default: []].append(target)
                followers[target, default: []].append(user)
            }
        case "unfollow":
            if following[user, default: []].contains(target) {
                following[user]?.removeAll { $0 == target }
                followers[target]?.removeAll { $0 == user }
            } else {
                changes -= 1
            }
        case "media": break
        default: throw Unexpected("\(line)")
        }
    }

    /// A user's feed: most liked first, newest first among equals; or by time alone.
    func feed(of user: String, byTime: Bool, ids: [String: Int]) -> [Post] {
        let authors = Set(following[user, default: []] + [user])
        return posts.values.filter { authors.contains($0.author) }.sorted { left, right in
            if !byTime, left.likes.count != right.likes.count { return left.likes.count > right.likes.count }
            return ids[left.name, default: 0] > ids[right.name, default: 0]
        }
    }
}
