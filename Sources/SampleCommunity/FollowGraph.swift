/// Who follows whom, and who still wants to follow more. Here accounts are counted from 0.
struct FollowGraph {
    /// The account that nearly everybody follows. It is not the first account, which is kept ordinary for
    /// demonstrations.
    static let star = 1

    /// How many follows the community plans to make.
    let wanted: Int
    private(set) var registered = 0
    private var following: [[UInt32]] = []
    private var appetite: [Int]
    private var hungry: [Int] = []
    private var nextNewcomer = 0

    init(accounts: Int, commands: Int, _ random: inout SampleRandom) {
        let mean = Swift.min(60, Double(accounts) / 4, 0.3 * Double(commands) / Double(accounts))
        let most = Swift.max(1, accounts * 2 / 3)
        appetite = (0..<accounts).map { _ in Swift.min(most, Swift.max(1, Int(random.logNormal(mean: mean)))) }
        appetite[0] = Swift.max(appetite[0], Swift.min(40, accounts / 3))
        wanted = Swift.min(appetite.reduce(0, +), commands * 7 / 20)
        following.reserveCapacity(accounts)
    }

    mutating func register() {
        following.append([])
        registered += 1
    }

    /// Makes somebody follow somebody; `nil` if no pair was found.
    mutating func follow(_ random: inout SampleRandom) -> (follower: Int, followed: Int)? {
        guard registered >= 2 else { return nil }
        // A newcomer's first follow is nearly always the star.
        if nextNewcomer < registered {
            let newcomer = nextNewcomer
            nextNewcomer += 1
            hungry.append(newcomer)
            if newcomer != FollowGraph.star && random.chance(inThousand: 800) {
                return add(FollowGraph.star, to: newcomer)
            }
        }
        for _ in 0..<4 where !hungry.isEmpty {
            // The first account goes first as long as it wants more, so that a demonstration has something to show.
            let isFirst = hungry[0] == 0 && random.chance(inThousand: 100)
            let place = isFirst ? 0 : random.below(hungry.count)
            let follower = hungry[place]
            if following[follower].count >= appetite[follower] {
                // The first place stays as it is, unless it is removed.
                _ = hungry.swapRemove(at: place)
                continue
            }
            for _ in 0..<4 {
                let isTop = random.chance(inThousand: 200)
                let rank = isTop ? random.zipf(below: registered) : random.leaning(below: registered)
                let followed = FollowGraph.account(ofRank: rank, registered)
                if followed != follower && !following[follower].contains(UInt32(followed)) {
                    return add(followed, to: follower)
                }
            }
        }
        return nil
    }

    /// Makes somebody stop following somebody; `nil` if nobody was found.
    mutating func unfollow(_ random: inout SampleRandom) -> (follower: Int, followed: Int)? {
        for _ in 0..<8 where registered > 0 {
            let follower = random.below(registered)
            guard !following[follower].isEmpty else { continue }
            let followed = following[follower].swapRemove(at: random.below(following[follower].count))
            // An account that unfollows somebody does not look for another one.
            appetite[follower] -= 1
            return (follower, Int(followed))
        }
        return nil
    }

    /// Picks who does something: a few do much, most do little.
    func somebody(_ random: inout SampleRandom) -> Int {
        FollowGraph.account(ofRank: random.leaning(below: registered), registered)
    }

    private mutating func add(_ followed: Int, to follower: Int) -> (follower: Int, followed: Int) {
        following[follower].append(UInt32(followed))
        return (follower, followed)
    }

    /// The accounts by importance: in the order in which they came, except that the star is in front.
    private static func account(ofRank rank: Int, _ registered: Int) -> Int {
        rank <= 1 && registered >= 2 ? 1 - rank : rank
    }
}

extension Array {
    /// Removes an element and puts the last one into its place, in constant time.
    mutating func swapRemove(at index: Int) -> Element {
        swapAt(index, count - 1)
        return removeLast()
    }
}
