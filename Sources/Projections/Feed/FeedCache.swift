internal import Microblog
internal import Synchronization
internal import Threads

/// What readers saw of their newest feeds, in a bounded amount of memory, for all threads that answer.
///
/// What is here is never needed, only quicker: everything may be forgotten at any time, and nothing is written to it when
/// something is posted. When it is full, it forgets who has not come back since the last time that room was made (the
/// clock algorithm). So readers who come once do not drive out those who return.
public final class FeedCache: Sendable {
    private let shards: [Guarded<Shard>]
    /// How the first pages were found, by ``FeedSource``.
    private let fromSeen = Atomic<UInt64>(0)
    private let fromPosts = Atomic<UInt64>(0)
    private let fromMerge = Atomic<UInt64>(0)

    /// Who follows fewer accounts than this is answered by merging, which takes no longer.
    let leastFollowing: UInt32
    /// One of the newest posts is looked at for so many followed accounts at most. A look takes two or three times as long
    /// as an account in a merge, as measured.
    let accountsPerLook: Int

    private static let shardCount = 16

    /// - Parameter memory: the most bytes to use; with 0 nothing is remembered.
    public convenience init(memory: Int) { self.init(memory: memory, leastFollowing: 64, accountsPerLook: 4) }

    /// Remembers the feeds of other readers than usual.
    init(memory: Int, leastFollowing: UInt32, accountsPerLook: Int) {
        self.leastFollowing = leastFollowing
        self.accountsPerLook = accountsPerLook
        let share = memory / Self.shardCount
        shards = (0..<Self.shardCount).map { _ in Guarded(Shard(memory: share)) }
    }

    /// How many bytes it holds now.
    public var byteCount: Int { shards.reduce(0) { $0 + $1.withLock { $0.bytes } } }
    /// How many readers' feeds it holds now.
    public var count: Int { shards.reduce(0) { $0 + $1.withLock { $0.slots.count } } }

    /// How many pages were found in a way so far.
    public func pages(_ source: FeedSource) -> UInt64 { counter(source) { $0.load(ordering: .relaxed) } }

    /// Counts a page.
    func note(_ source: FeedSource) { counter(source) { _ = $0.wrappingAdd(1, ordering: .relaxed) } }

    /// What an account saw last in a generation, or a later one.
    func seen(by account: AccountID) -> SeenFeed? {
        shard(of: account).withLock { $0.find(account) }
    }

    /// Remembers what an account saw, unless something later is known.
    func remember(_ feed: SeenFeed, of account: AccountID) {
        shard(of: account).withLock { $0.remember(feed, of: account) }
    }

    private func shard(of account: AccountID) -> Guarded<Shard> {
        // Fibonacci hashing, as neighbouring ids are often those of readers who came at the same time.
        shards[Int(truncatingIfNeeded: (account.rawValue &* 0x9E37_79B9_7F4A_7C15) >> 60)]
    }

    private func counter<Result>(_ source: FeedSource, _ body: (borrowing Atomic<UInt64>) -> Result) -> Result {
        switch source {
        case .seen: body(fromSeen)
        case .posts: body(fromPosts)
        case .merge: body(fromMerge)
        }
    }

    /// A part of the readers, with a lock of its own.
    private struct Shard {
        struct Slot {
            let account: AccountID
            var feed: SeenFeed
            /// Whether its reader has come back since the hand passed.
            var isUsed = false
        }

        private(set) var slots: [Slot] = []
        private(set) var bytes = 0
        private var places: [AccountID: Int] = [:]
        private var hand = 0
        private let memory: Int

        init(memory: Int) { self.memory = memory }

        mutating func find(_ account: AccountID) -> SeenFeed? {
            guard let place = places[account] else { return nil }
            slots[place].isUsed = true
            return slots[place].feed
        }

        mutating func remember(_ feed: SeenFeed, of account: AccountID) {
            guard feed.byteCount <= memory else { return }
            if let place = places[account] {
                guard !feed.isOlder(than: slots[place].feed) else { return }
                bytes += feed.byteCount - slots[place].feed.byteCount
                slots[place].feed = feed
            } else {
                places[account] = slots.count
                slots.append(Slot(account: account, feed: feed))
                bytes += feed.byteCount
            }
            while bytes > memory { forgetOne() }
        }

        private mutating func forgetOne() {
            if hand >= slots.count { hand = 0 }
            while slots[hand].isUsed {
                slots[hand].isUsed = false
                hand = (hand + 1) % slots.count
            }
            bytes -= slots[hand].feed.byteCount
            places[slots[hand].account] = nil
            let last = slots.removeLast()
            guard hand < slots.count else { return }
            slots[hand] = last
            places[last.account] = hand
        }
    }
}

/// Where the first page of a newest feed was found.
public enum FeedSource: CaseIterable, Sendable {
    /// In what the reader saw last, with what is new before it.
    case seen
    /// In the newest posts of all, of which enough were of followed accounts.
    case posts
    /// In the logs of all followed accounts.
    case merge
}

/// The part of a reader of snapshots in a ``FeedCache``.
final class FeedMemory {
    let cache: FeedCache
    /// The generation that is read. What was seen in another one may never have been made whole there.
    let generation: Int

    init(_ cache: FeedCache, generation: Int) {
        self.cache = cache
        self.generation = generation
    }
}
