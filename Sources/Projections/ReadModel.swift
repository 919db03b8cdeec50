/// The read models: each is built by one projector, which alone writes its tables.
///
/// This is the one list of them. Whatever goes over all read models takes ``allCases``, and asks the projector for what it
/// needs to know: its tables, its version, where it runs.
public enum ReadModel: UInt8, CaseIterable, Sendable {
    /// Accounts, handles, keys, and the names that pages show.
    case accounts
    /// Uploaded files and the contents behind them.
    case media
    /// Posts with like counts, each author's log by time and by likes, replies.
    case posts
    /// Who likes what.
    case likes
    /// Who follows whom.
    case follows
    /// What each account has pinned.
    case pins

    /// The word for it in digests, metrics and messages.
    public var name: String { "\(self)" }

    /// The version of the tables' layout and of the projector's rules; views built by another version are built anew.
    public var version: UInt32 { projector.version }

    /// What builds it.
    var projector: any Projector.Type {
        switch self {
        case .accounts: AccountsProjector.self
        case .media: MediaProjector.self
        case .posts: PostsProjector.self
        case .likes: LikesProjector.self
        case .follows: FollowsProjector.self
        case .pins: PinsProjector.self
        }
    }
}
