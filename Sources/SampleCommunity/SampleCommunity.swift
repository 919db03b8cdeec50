public import Microblog

/// The history of an invented community. It is the same for the same settings on every machine.
///
/// It is skewed as in real life: most accounts follow a few, many like a few posts, most of it happens by day. It holds
/// what software often gets wrong: several scripts, emoji, quotes, mentions, replies to replies, and actions that are
/// undone. Every command is valid and changes something, and names only what exists at that moment.
///
/// The history is made while it is read. So ten million commands need memory only for their accounts, the follows
/// between them and the newest few thousand posts.
public struct SampleCommunity: Sequence, Sendable {
    /// How many commands there are.
    public let commands: Int

    /// How many accounts register. There are fewer only if there are fewer commands.
    public let accounts: Int

    /// About how many pictures are uploaded.
    public let pictures: Int

    /// How much time the history covers.
    public let days: Int

    /// The end of the history: no command is later.
    public let endsAt: Timestamp

    /// Different seeds give different histories for the same settings.
    public let seed: UInt64

    /// The access key of the first account, for demonstrations. This account follows many others, so its feed is full.
    public let firstKey: String?

    /// Describes a history.
    ///
    /// - Parameters:
    ///   - commands: 1 or more.
    ///   - accounts: by default one for every 200 commands.
    ///   - pictures: by default one for every hundred commands, but at most 200, because each becomes a file.
    ///   - days: 1 or more; two months by default.
    ///   - endsAt: by default the first second of 2026.
    ///   - seed: any number.
    ///   - firstKey: see ``firstKey``.
    public init(
        commands: Int, accounts: Int? = nil, pictures: Int? = nil, days: Int = 60,
        endsAt: Timestamp = Timestamp(1_767_225_600_000), seed: UInt64 = 1, firstKey: String? = nil
    ) {
        precondition(commands >= 1, "a community of \(commands) commands has no history")
        precondition(days >= 1, "a history of \(days) days has no room")
        self.commands = commands
        self.accounts = Swift.min(commands, Swift.max(1, accounts ?? Swift.max(10, commands / 200)))
        self.pictures = Swift.max(0, pictures ?? Swift.min(commands / 100, 200))
        self.days = days
        self.endsAt = endsAt
        self.seed = seed
        self.firstKey = firstKey
    }

    /// Begins the history.
    public func makeIterator() -> SampleHistory {
        SampleHistory(self)
    }
}
