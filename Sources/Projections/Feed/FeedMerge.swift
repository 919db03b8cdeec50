internal import LMDB
internal import Microblog

/// Merges the logs of several authors into one feed, best first.
///
/// Each author has one candidate, the best post not yet given out; a binary heap keeps the best candidate of all on top.
/// The first candidates come from the small `authors` rows, so a log is opened only for an author of whom a second post is
/// wanted.
struct FeedMerge {
    private struct Candidate {
        let rank: PostRank
        let author: AccountID
    }

    private let snapshot: ViewSnapshot
    private let order: FeedOrder
    private var heap: [Candidate] = []

    init(_ snapshot: ViewSnapshot, _ order: FeedOrder) {
        self.snapshot = snapshot
        self.order = order
    }

    /// Whether every post has been given out.
    var isExhausted: Bool { heap.isEmpty }

    /// Adds an author's posts after a place (`nil`: all of them).
    mutating func add(_ author: AccountID, after place: FeedPlace?) throws {
        guard let row = try snapshot.author(author) else { return }
        let first =
            order == .popular
            ? PostRank(likes: row.topLikes, post: row.top) : PostRank(likes: 0, post: row.newest)
        if let place, first >= place {
            if let next = try next(of: author, after: place) { heap.append(Candidate(rank: next, author: author)) }
        } else {
            heap.append(Candidate(rank: first, author: author))
        }
    }

    /// Brings the candidates into order, once all authors are added.
    mutating func arrange() {
        for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { sink(index) }
    }

    /// The best post not yet given out; by time its `likes` is 0.
    mutating func pop() throws -> PostRank? {
        guard let best = heap.first else { return nil }
        if let next = try next(of: best.author, after: best.rank) {
            heap[0] = Candidate(rank: next, author: best.author)
        } else {
            let last = heap.removeLast()
            if heap.isEmpty { return best.rank }
            heap[0] = last
        }
        sink(0)
        return best.rank
    }

    private func next(of author: AccountID, after place: PostRank) throws -> PostRank? {
        var found: PostRank?
        switch order {
        case .popular:
            try snapshot.descendByLikes(of: author, below: place) { rank in
                found = rank
                return false
            }
        case .newest:
            try snapshot.descend(snapshot.tables.byTime, author.rawValue, before: place.post.rawValue) { post, _ in
                found = PostRank(likes: 0, post: PostID(post))
                return false
            }
        }
        return found
    }

    private mutating func sink(_ start: Int) {
        var parent = start
        while true {
            var greatest = parent
            let left = 2 * parent + 1
            if left < heap.count, heap[left].rank > heap[greatest].rank { greatest = left }
            if left + 1 < heap.count, heap[left + 1].rank > heap[greatest].rank { greatest = left + 1 }
            if greatest == parent { return }
            heap.swapAt(parent, greatest)
            parent = greatest
        }
    }
}
