import HTTPServer
import Microblog

/// The requests of a kind of call, and what must have happened before them.
///
/// Commands come by as many writers as a batch has. Each changes something, and no two of a batch concern the same post
/// or account, so that nothing is folded into one row that would be apart in life. How much is prepared does not depend
/// on how much is asked for: so the difference of two runs is the cost of the calls alone.
struct Workload {
    /// Commands in one turn of the loop, and so in one frame of the journal.
    static let batch = 24
    /// The most turns for which there is something to do.
    static let turns = 240

    let kind: CallKind
    let community: Community

    /// Makes what the calls need.
    init(_ kind: CallKind, _ community: Community) throws(CallError) {
        self.kind = kind
        self.community = community
        switch kind {
        case .unlike: try community.perform(Self.each { (.likePost(LikePost(community.post($0, $1))), $1) })
        case .delete: ownPosts = try community.publish(Self.turns * Self.batch)
        default: break
        }
    }

    /// What `delete` deletes, by writers in turn.
    private var ownPosts: [PostID] = []

    /// The requests of some turns, each a group that is handed over at once: a batch of commands, or one query.
    func requests(_ turns: Range<Int>) -> [[[UInt8]]] {
        turns.map { turn in (0..<(kind.isCommand ? Self.batch : 1)).map { request(turn, $0).bytes } }
    }

    /// So many requests, in as few turns as they need.
    ///
    /// - Throws: when there is not enough to do.
    func requests(count: Int) throws(CallError) -> [[[UInt8]]] {
        guard kind.isCommand else { return requests(0..<count) }
        guard count <= Self.turns * Self.batch else {
            throw CallError("there is enough for \(Self.turns * Self.batch) times \(kind.rawValue), not for \(count)")
        }
        var groups = requests(0..<((count + Self.batch - 1) / Self.batch))
        if count % Self.batch > 0 { groups[groups.count - 1].removeLast(Self.batch - count % Self.batch) }
        return groups
    }

    private func request(_ turn: Int, _ writer: Int) -> Request {
        let post = community.post(turn, writer).rawValue
        return switch kind {
        case .post:
            community.request(
                "POST", "/api/tweets", by: writer, body: "{\"tweet_data\":\"A few words, of turn \(turn).\"}")
        case .like: community.request("POST", "/api/tweets/\(post)/likes", by: writer)
        case .unlike: community.request("DELETE", "/api/tweets/\(post)/likes", by: writer)
        case .follow:
            community.request("POST", "/api/users/\(community.bystander(turn, writer).rawValue)/follow", by: writer)
        case .delete:
            community.request("DELETE", "/api/tweets/\(ownPosts[turn * Self.batch + writer].rawValue)", by: writer)
        case .newest: community.request("GET", "/api/tweets?limit=20&likes=0&sort=newest", by: writer)
        case .popular: community.request("GET", "/api/tweets?limit=20&likes=0&sort=popular", by: writer)
        case .profile: community.request("GET", "/api/users/\(community.writers[1].rawValue)", by: writer)
        case .single: community.request("GET", "/api/tweets/\(post)", by: writer)
        case .me: community.request("GET", "/api/users/me", by: writer)
        case .health: community.request("GET", "/healthz", by: writer)
        }
    }

    private static func each(_ command: (Int, Int) -> (Command, Int)) -> [(Command, Int)] {
        (0..<turns).flatMap { turn in (0..<batch).map { command(turn, $0) } }
    }
}
