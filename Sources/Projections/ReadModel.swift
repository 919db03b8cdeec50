/// The read models. Each is built by one projector, and only that projector writes its tables.
///
/// This is the one list of them. Code for all read models uses ``allCases``, and asks the projector for the rest: its
/// tables, its version, where it runs.
public enum ReadModel: UInt8, CaseIterable, Sendable {
    /// Accounts, handles, keys, and the names that pages show.
    case accounts
    /// Uploaded files and the contents behind them.
    case media
    /// Posts with like counts, each author's log by time and by likes, and replies.
    case posts
    /// Who likes what.
    case likes
    /// Who follows whom.
    case follows
    /// What each account has pinned.
    case pins

    /// The word for it in digests, metrics and messages.
    public var name: String { Self.names[Int(rawValue)] }

    /// Made once: each batch of events asks for them.
    private static let names = allCases.map { "\($0)" }

    /// The version of the tables' layout and of the projector's rules; views that another version built are built
    /// again.
    public var version: UInt32 { projector.version }

    /// The projector that builds it.
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
