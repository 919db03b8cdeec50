internal import Microblog

/// The commands of a ``SampleCommunity``, one after another.
public struct SampleHistory: IteratorProtocol, Sendable {
    private let community: SampleCommunity
    private let phrasebook = Phrasebook.shared
    private var random: SampleRandom
    private var clock: SampleClock
    private var graph: FollowGraph
    private var posts = RecentPosts()
    private var made = 0
    private var follows = 0
    private var pictures = 0
    private var uploaded: [Int] = []
    private var uploader = 0

    init(_ community: SampleCommunity) {
        self.community = community
        random = SampleRandom(seed: community.seed)
        clock = SampleClock(commands: community.commands, days: community.days, endsAt: community.endsAt)
        graph = FollowGraph(accounts: community.accounts, commands: community.commands, &random)
    }

    /// The next command; `nil` at the end.
    public mutating func next() -> SampleCommand? {
        guard made < community.commands else { return nil }
        let time = clock.time(of: made, &random)
        let (account, action) = nextAction()
        made += 1
        return SampleCommand(time: time, account: account + 1, action: action)
    }

    private mutating func nextAction() -> (account: Int, action: SampleCommand.Action) {
        if !uploaded.isEmpty { return continueUpload() }
        if graph.registered < accountsDue { return register() }
        // A picture needs a command for its post too.
        if pictures < due(community.pictures), made + 1 < community.commands {
            uploader = graph.somebody(&random)
            return upload()
        }
        if follows < due(graph.wanted), let (follower, followed) = graph.follow(&random) {
            follows += 1
            return (follower, .follow(account: followed + 1))
        }
        return everydayAction()
    }

    /// The part of a total that should be done by now.
    private func due(_ total: Int) -> Int {
        let share = Double(total) * Double(made) / Double(community.commands)
        return Int(share)
    }

    /// A quarter of the accounts registers at the beginning. The others come until a tenth of the history is left.
    private var accountsDue: Int {
        let atFirst = Swift.max(1, community.accounts / 4)
        let later = Double(community.accounts - atFirst) * Double(made) / (0.9 * Double(community.commands))
        return Swift.min(community.accounts, atFirst + Int(later + 0.999))
    }

    private mutating func register() -> (Int, SampleCommand.Action) {
        let account = graph.registered
        graph.register()
        let name = account == 0 ? "Test Account" : phrasebook.name(&random)
        return (account, .register(name: name, key: account == 0 ? community.firstKey : nil))
    }

    private mutating func upload() -> (Int, SampleCommand.Action) {
        pictures += 1
        uploaded.append(pictures)
        return (uploader, .media(number: pictures, file: Identicon(&random).png))
    }

    private mutating func continueUpload() -> (Int, SampleCommand.Action) {
        let isAnother = uploaded.count < 4 && pictures < community.pictures && made + 1 < community.commands
        if isAnother && random.chance(inThousand: 200) { return upload() }
        let media = uploaded
        uploaded = []
        return publish(by: uploader, answering: nil, with: media)
    }

    private mutating func everydayAction() -> (Int, SampleCommand.Action) {
        switch random.below(1_000) {
        case ..<545:
            if let post = posts.pick(&random) {
                for _ in 0..<4 {
                    let account = graph.somebody(&random)
                    if posts.like(post, by: account) { return (account, .like(post: post)) }
                }
            }
        case ..<675:
            if let post = posts.pick(&random) { return publish(by: graph.somebody(&random), answering: post) }
        case ..<683:
            if let (account, post) = posts.unlike(&random) { return (account, .unlike(post: post)) }
        case ..<690:
            if let (follower, followed) = graph.unfollow(&random) {
                return (follower, .unfollow(account: followed + 1))
            }
        case ..<700:
            if let post = posts.pick(&random) {
                posts.delete(post)
                return (posts.author(of: post), .delete(post: post))
            }
        default: break
        }
        return publish(by: graph.somebody(&random), answering: nil)
    }

    private mutating func publish(
        by author: Int, answering post: Int?, with media: [Int] = []
    ) -> (Int, SampleCommand.Action) {
        var mentioned: Int?
        if let post {
            mentioned = posts.author(of: post) + 1
        } else if random.chance(inThousand: 80) {
            mentioned = graph.somebody(&random) + 1
        }
        let text = phrasebook.text(mentioning: mentioned, isReply: post != nil, &random)
        return (author, .post(number: posts.publish(by: author), text: text, replyTo: post, media: media))
    }
}

/// Spreads commands over days and nights, in order: no command is earlier than the one before.
struct SampleClock {
    /// How much happens in each hour of the day, UTC.
    private static let hours = [
        8, 5, 3, 2, 2, 3, 8, 18, 30, 34, 32, 33, 38, 36, 33, 32, 34, 40, 48, 56, 60, 54, 36, 18,
    ]
    private static let millisecondsPerHour: Int64 = 3_600_000

    private let commands: Int
    private let total: Int
    private let start: Int64
    private var hour = 0
    private var before = 0

    init(commands: Int, days: Int, endsAt: Timestamp) {
        self.commands = commands
        start = endsAt.milliseconds - Int64(days) * 24 * SampleClock.millisecondsPerHour
        var total = 0
        for hour in 0..<days * 24 { total += SampleClock.weight(of: hour, from: start) }
        self.total = total
    }

    /// The time of a command.
    ///
    /// - Parameter number: from 0, never less than in an earlier call.
    mutating func time(of number: Int, _ random: inout SampleRandom) -> Timestamp {
        let share = (Double(number) + Double(random.below(1 << 20)) * 0x1p-20) / Double(commands) * Double(total)
        var weight = SampleClock.weight(of: hour, from: start)
        while share >= Double(before + weight) && before + weight < total {
            before += weight
            hour += 1
            weight = SampleClock.weight(of: hour, from: start)
        }
        let within = Swift.min((share - Double(before)) / Double(weight), 1)
        let milliseconds = Int64(within * Double(SampleClock.millisecondsPerHour - 1))
        return Timestamp(start + Int64(hour) * SampleClock.millisecondsPerHour + milliseconds)
    }

    private static func weight(of hour: Int, from start: Int64) -> Int {
        let absolute = start / millisecondsPerHour + Int64(hour)
        // 1970 began on a Thursday.
        let isWeekend = (absolute / 24 + 3) % 7 >= 5
        return hours[Int(absolute % 24)] * (isWeekend ? 5 : 4)
    }
}
