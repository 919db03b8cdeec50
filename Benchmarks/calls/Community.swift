import Application
import HTTPServer
import Microblog
import Threads

/// A data directory with writers who follow each other, accounts that nobody follows yet, and posts.
final class Community {
    let martlet: Martlet
    /// Who sends the requests.
    private(set) var writers: [AccountID] = []
    private var bystanders: [AccountID] = []
    private var posts: [PostID] = []

    /// Makes the accounts and posts in an empty directory.
    init(_ martlet: Martlet) throws(CallError) {
        self.martlet = martlet
        let count = Workload.batch + Workload.turns
        let first = martlet.newest.position + 1
        try perform(
            try (0..<count).map { number throws(CallError) in
                let key = number < Workload.batch ? AccessKey(Self.key(number))?.hash : nil
                guard let handle = try? Handle("account\(number)"), let name = try? DisplayName("Account \(number)")
                else {
                    throw CallError("no account \(number)")
                }
                return (.registerAccount(RegisterAccount(handle: handle, name: name, role: .member, key: key)), nil)
            })
        let accounts = (0..<count).map { AccountID(first + UInt64($0)) }
        writers = Array(accounts.prefix(Workload.batch))
        bystanders = Array(accounts.dropFirst(Workload.batch))
        posts = try publish(Workload.turns)
        // All that a feed merges: as many authors as there are writers, and likes that tell one post from the next.
        var commands: [(Command, Int?)] = []
        for reader in writers.indices {
            for author in writers.indices where author != reader {
                commands.append((.followAccount(FollowAccount(writers[author])), reader))
            }
        }
        try perform(commands)
        try perform(
            posts.indices.flatMap { place in
                (0..<place % 7).map { (.likePost(LikePost(posts[place])), Workload.batch + $0) }
            })
    }

    /// The post of a turn for a writer: another one in each turn, and for each writer.
    func post(_ turn: Int, _ writer: Int) -> PostID { posts[(turn + 10 * writer) % posts.count] }

    /// The account that a writer follows in a turn.
    func bystander(_ turn: Int, _ writer: Int) -> AccountID { bystanders[(turn + 10 * writer) % bystanders.count] }

    /// Publishes posts, of the writers in turn.
    func publish(_ count: Int) throws(CallError) -> [PostID] {
        let first = martlet.newest.position + 1
        try perform(
            (0..<count).map {
                (
                    .publishPost(PublishPost(text: "The post of number \($0)", replyTo: nil, media: [])),
                    $0 % Workload.batch
                )
            })
        return (0..<count).map { PostID(first + UInt64($0)) }
    }

    /// Executes commands and waits until queries show them. Blocks. Each must lead to an event.
    ///
    /// - Parameter commands: with the place of who wants it among the accounts; `nil` for the operator.
    func perform(_ commands: [(Command, Int?)]) throws(CallError) {
        let accounts = writers + bystanders
        let answers = Mailbox<CommandAnswer>()
        let before = martlet.newest.position
        martlet.execute(
            commands.map { CommandRequest($0, by: $1.map { .account(accounts[$0]) } ?? .operator) }
        ) { _ = answers.put(contentsOf: $0) }
        var open = commands.count
        while open > 0, let taken = answers.take() {
            for answer in taken {
                if case .failure(let failure) = answer.result { throw CallError("a command failed: \(failure)") }
            }
            open -= taken.count
        }
        let events = martlet.newest.position - before
        guard events == commands.count else {
            throw CallError("\(commands.count) commands led to \(events) events instead of one each")
        }
    }

    /// A request of a writer.
    func request(_ method: String, _ target: String, by writer: Int, body: String = "") -> Request {
        var headers = [(name: "Api-Key", value: Self.key(writer))]
        if !body.isEmpty { headers.append((name: "Content-Type", value: "application/json")) }
        return Request(method, target, headers: headers, body: Array(body.utf8))
    }

    private static func key(_ writer: Int) -> String { "key-of-writer-\(writer)" }
}

/// Why nothing could be counted, in words for people.
struct CallError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
