/// The read models: each is built by one projector, which alone writes its tables.
public enum ReadModel: UInt8, CaseIterable, Sendable {
    /// Accounts, handles and keys.
    case accounts
    /// Uploaded files and the contents behind them.
    case media
    /// Posts with like counts, each author's log by time and by likes, replies.
    case posts
    /// Who likes what.
    case likes
    /// Who follows whom.
    case follows

    /// The word for it in digests, metrics and messages.
    public var name: String { "\(self)" }

    /// The version of the tables' layout and of the projector's rules; raise it with either, and views built by another
    /// version are built anew.
    var version: UInt32 { 1 }

    /// The read models whose rows its projector looks at, besides its own. It cannot go on when one of them stands.
    var dependencies: [ReadModel] {
        switch self {
        case .accounts, .media: []
        case .posts: [.accounts, .media]
        case .likes, .follows: [.accounts]
        }
    }
}
