/// The calls whose cost is counted. The raw value is the name in the command line.
enum CallKind: String, CaseIterable {
    case post, like, follow, unlike, delete
    /// Pages of 20 of the feed, without likes.
    case newest, popular
    case profile, single, me
    /// `/healthz`, which does nothing: what is left is the way of any request through memory.
    case health

    /// Whether it is a command, of which ``Workload/batch`` come in one turn of the loop.
    var isCommand: Bool {
        switch self {
        case .post, .like, .follow, .unlike, .delete: true
        case .newest, .popular, .profile, .single, .me, .health: false
        }
    }
}
