internal import Microblog
internal import Threads

/// Builds who likes what: the list of a post's likes, and the way from a post and an account to its like.
actor LikesProjector: Projector {
    static let model = ReadModel.likes
    private let store: ViewStore
    private let executor: ThreadExecutor
    private var names = NameCache()
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(_ store: ViewStore, on executor: ThreadExecutor) {
        self.store = store
        self.executor = executor
    }

    private struct Pair: Hashable {
        let post: PostID
        let account: AccountID
    }

    func changes(for batch: EventBatch) throws -> [RowChanges] {
        try store.read { snapshot in
            var likes = RowChanges(snapshot.tables.likes)
            var likers = RowChanges(snapshot.tables.likers)
            // Only likes that are also taken back in this batch have to be found again, and these are few.
            let takenBack = Self.takenBack(in: batch)
            var begun: [Pair: UInt64] = [:]
            for recorded in batch.events {
                switch recorded.event {
                case .postLiked(let post) where !batch.deletedPosts.contains(post):
                    let account = recorded.account
                    let name = try names.name(of: account, in: batch, snapshot, at: recorded.position)
                    likes.set(RowKey(post.rawValue, recorded.position)) {
                        PersonRow.append(account, name: name, to: &$0)
                    }
                    likers.set(RowKey(post.rawValue, account.rawValue)) { $0.append(bigEndian: recorded.position) }
                    guard !takenBack.isEmpty else { continue }
                    let pair = Pair(post: post, account: account)
                    if takenBack.contains(pair) { begun[pair] = recorded.position }
                case .postUnliked(let post) where !batch.deletedPosts.contains(post):
                    let pair = Pair(post: post, account: recorded.account)
                    guard
                        let position = try begun.removeValue(forKey: pair)
                            ?? snapshot.like(of: post, by: recorded.account)
                    else { continue }
                    likes.remove(RowKey(post.rawValue, position))
                    likers.remove(RowKey(post.rawValue, recorded.account.rawValue))
                case .postDeleted(let post):
                    try snapshot.ascend(snapshot.tables.likes, post.rawValue) { position, value in
                        let account = try PersonRow(value, table: "likes").account
                        likes.remove(RowKey(post.rawValue, position))
                        likers.remove(RowKey(post.rawValue, account.rawValue))
                        return true
                    }
                default: break
                }
            }
            return [likes, likers]
        }
    }

    private static func takenBack(in batch: EventBatch) -> Set<Pair> {
        var pairs: Set<Pair> = []
        for recorded in batch.events {
            guard case .postUnliked(let post) = recorded.event else { continue }
            pairs.insert(Pair(post: post, account: recorded.account))
        }
        return pairs
    }
}
