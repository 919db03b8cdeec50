internal import LMDB
internal import Microblog

/// Merges the logs of several authors into one feed, best first.
///
/// Each author has one candidate: the best entry that was not yet given out. A binary heap keeps the best candidate of
/// all on top. The first candidates come from the small `authors` rows. So a log is opened only for an author whose
/// second entry is needed.
///
/// It holds places, and no snapshot, so it can go on in a later one. The candidates are then those of the earlier one.
struct FeedMerge {
    private struct Candidate {
        let place: FeedPlace
        let post: PostID
        let author: AccountID
    }

    private let order: FeedOrder
    private var heap: [Candidate] = []

    init(_ order: FeedOrder) { self.order = order }

    /// Whether every entry has been given out.
    var isExhausted: Bool { heap.isEmpty }

    /// The best entry not yet given out; `nil` if there is none.
    var best: FeedEntry? { heap.first.map { FeedEntry(id: $0.place.entry, showing: $0.post) } }

    /// Adds the entries of an account and of all whom it follows, after a place (`nil`: all entries), in order.
    ///
    /// - Returns: how many entries their logs have, before the place and after it.
    mutating func addFeed(of account: AccountID, after place: FeedPlace?, in snapshot: ViewSnapshot) throws -> Int {
        var merge = self
        var entries = try merge.add(account, after: place, in: snapshot)
        try snapshot.followedIDs(of: account) { entries += try merge.add($0, after: place, in: snapshot) }
        merge.arrange()
        self = merge
        return entries
    }

    /// Adds the entries of an author after a place (`nil`: all entries).
    ///
    /// - Returns: how many entries the author's log has, before the place and after it.
    private mutating func add(_ author: AccountID, after place: FeedPlace?, in snapshot: ViewSnapshot) throws -> Int {
        guard let row = try snapshot.author(author) else { return 0 }
        let best = row.best(order)
        if let place, best.place >= place {
            if let next = try next(of: author, after: place, in: snapshot) { heap.append(next) }
        } else {
            heap.append(Candidate(place: best.place, post: best.entry.post, author: author))
        }
        return Int(row.posts)
    }

    /// Puts the candidates in order, once all authors are added.
    private mutating func arrange() {
        for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { sink(index) }
    }

    /// The best entry not yet given out, and its place.
    mutating func pop(in snapshot: ViewSnapshot) throws -> (place: FeedPlace, post: PostID)? {
        guard let best = heap.first else { return nil }
        if let next = try next(of: best.author, after: best.place, in: snapshot) {
            heap[0] = next
        } else {
            let last = heap.removeLast()
            if heap.isEmpty { return (best.place, best.post) }
            heap[0] = last
        }
        sink(0)
        return (best.place, best.post)
    }

    private func next(
        of author: AccountID, after place: FeedPlace, in snapshot: ViewSnapshot
    ) throws -> Candidate? {
        var found: Candidate?
        try snapshot.descend(order, of: author, below: place) { place, entry in
            found = Candidate(place: place, post: entry.post, author: author)
            return false
        }
        return found
    }

    private mutating func sink(_ start: Int) {
        var parent = start
        while true {
            var greatest = parent
            let left = 2 * parent + 1
            if left < heap.count, heap[left].place > heap[greatest].place { greatest = left }
            if left + 1 < heap.count, heap[left + 1].place > heap[greatest].place { greatest = left + 1 }
            if greatest == parent { return }
            heap.swapAt(parent, greatest)
            parent = greatest
        }
    }
}
