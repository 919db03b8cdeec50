internal import Microblog
internal import Threads

/// Builds who follows whom: the pair itself, both lists, and the two counts of every account.
actor FollowsProjector: Projector {
    static let model = ReadModel.follows
    private let store: ViewStore
    private let executor: ThreadExecutor
    private var names = NameCache()
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(_ store: ViewStore, on executor: ThreadExecutor) {
        self.store = store
        self.executor = executor
    }

    private struct Pair: Hashable {
        let follower: AccountID
        let followed: AccountID
    }

    private struct Delta {
        var followers: Int64 = 0
        var following: Int64 = 0
    }

    func changes(for batch: EventBatch) throws -> [RowChanges] {
        try store.read { snapshot in
            var edges = RowChanges(snapshot.tables.edges)
            var following = RowChanges(snapshot.tables.following)
            var followers = RowChanges(snapshot.tables.followers)
            var deltas: [AccountID: Delta] = [:]
            // Only follows that also end in this batch have to be found again, and these are few.
            let ended = Self.ended(in: batch)
            var begun: [Pair: UInt64] = [:]
            for recorded in batch.events {
                let position = recorded.position
                switch recorded.event {
                case .accountFollowed(let followed):
                    let follower = recorded.account
                    let followerName = try names.name(of: follower, in: batch, snapshot, at: position)
                    let followedName = try names.name(of: followed, in: batch, snapshot, at: position)
                    edges.set(RowKey(follower.rawValue, followed.rawValue)) { $0.append(bigEndian: position) }
                    following.set(RowKey(follower.rawValue, position)) {
                        PersonRow.append(followed, name: followedName, to: &$0)
                    }
                    followers.set(RowKey(followed.rawValue, position)) {
                        PersonRow.append(follower, name: followerName, to: &$0)
                    }
                    deltas[follower, default: Delta()].following += 1
                    deltas[followed, default: Delta()].followers += 1
                    guard !ended.isEmpty else { continue }
                    let pair = Pair(follower: follower, followed: followed)
                    if ended.contains(pair) { begun[pair] = position }
                case .accountUnfollowed(let followed):
                    let follower = recorded.account
                    let pair = Pair(follower: follower, followed: followed)
                    guard
                        let start = try begun.removeValue(forKey: pair)
                            ?? snapshot.follow(of: followed, by: follower)
                    else { continue }
                    edges.remove(RowKey(follower.rawValue, followed.rawValue))
                    following.remove(RowKey(follower.rawValue, start))
                    followers.remove(RowKey(followed.rawValue, start))
                    deltas[follower, default: Delta()].following -= 1
                    deltas[followed, default: Delta()].followers -= 1
                default: break
                }
            }
            return [edges, following, followers, try Self.counts(deltas, snapshot)]
        }
    }

    private static func counts(_ deltas: [AccountID: Delta], _ snapshot: ViewSnapshot) throws -> RowChanges {
        var changes = RowChanges(snapshot.tables.followCounts)
        for (account, delta) in deltas where delta.followers != 0 || delta.following != 0 {
            var row = try snapshot.followCounts(account)
            row.followers = UInt32(Int64(row.followers) + delta.followers)
            row.following = UInt32(Int64(row.following) + delta.following)
            if row == FollowCountsRow() {
                changes.remove(RowKey(account.rawValue))
            } else {
                changes.set(RowKey(account.rawValue)) { row.append(to: &$0) }
            }
        }
        return changes
    }

    private static func ended(in batch: EventBatch) -> Set<Pair> {
        var pairs: Set<Pair> = []
        for recorded in batch.events {
            guard case .accountUnfollowed(let followed) = recorded.event else { continue }
            pairs.insert(Pair(follower: recorded.account, followed: followed))
        }
        return pairs
    }
}
