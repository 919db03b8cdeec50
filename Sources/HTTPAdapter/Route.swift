internal import Application
internal import HTTPServer
internal import Microblog
internal import Projections

/// One row of the table of routes: a method at a path, and everything about it.
///
/// `Allow`, 405, `HEAD`, readiness, keys and permissions follow from the rows. There is no second list of any of them.
final class Route: Sendable {
    /// The body that a request must have.
    enum Body {
        /// No body; one that comes is thrown away.
        case none
        /// JSON with names and words: ``jsonLimit`` bytes at most.
        case json
        /// JSON with the text of a post: as much as the longest text takes if each character is escaped, and some more.
        case post

        /// The most bytes of a body that holds no text of a post.
        static let jsonLimit = 16 << 10
        /// The most bytes of a code point: two escapes, as in `\ud83d\udc26`.
        static let escapedLength = 12
        /// Bytes beside the text of a post: names of fields, numbers of media, white space.
        static let postRest = 4 << 10

        /// The most bytes of such a body. ``AdapterConfiguration/bodyLimit`` is above all of them.
        func limit(_ service: Service) -> Int {
            let needed =
                switch self {
                case .none: 0
                case .json: Self.jsonLimit
                case .post: Self.escapedLength * service.martlet.limits.textLength + Self.postRest
                }
            return min(needed, service.configuration.bodyLimit)
        }
    }

    /// Who may call. The operator calls over the control socket, and has no account.
    enum Permission {
        /// Every account, and nobody else: it acts for itself, or asks about itself.
        case account
        /// Every account, and the operator: the answer does not depend on who asks.
        case anyone
        /// Accounts with the role admin, and the operator.
        case admin
    }

    /// How a request is handled.
    enum Action: Sendable {
        /// Answers everybody, without looking at a key.
        case open(@Sendable (Call) throws(APIError) -> Void)
        /// Answers a caller from one snapshot.
        case query(@Sendable (Query) throws -> Void)
        /// Says what to execute for a caller.
        case command(@Sendable (Write) throws(APIError) -> Order)
        /// Takes a file first, then says what to execute.
        case upload(@Sendable (StoredMedia) -> Order)
    }

    let method: RequestMethod
    /// Segments between slashes. `{id}` and `{…_id}` stand for a number, any other name in braces for any text.
    let pattern: StaticString
    let body: Body
    let permission: Permission
    /// The read models that the answer needs. A route with a key also needs the accounts.
    let needs: [ReadModel]
    /// Whether the header `Martlet-Wait` has an effect.
    let waits: Bool
    /// Whether the route serves to see what is wrong and to repair it. Such a route accepts a key that was valid when
    /// the accounts stopped.
    let isForMending: Bool
    let action: Action

    init(
        _ method: RequestMethod, _ pattern: StaticString, body: Body = .none, permission: Permission = .account,
        needs: [ReadModel] = [], waits: Bool = true, isForMending: Bool = false, _ action: Action
    ) {
        self.method = method
        self.pattern = pattern
        self.body = body
        self.permission = if case .open = action { .anyone } else { permission }
        self.waits = waits
        self.isForMending = isForMending
        self.action = action
        self.needs = if case .open = action { needs } else { [.accounts] + needs }
    }

    /// Whether the caller must show a key.
    var needsKey: Bool {
        if case .open = action { false } else { true }
    }

    /// Whether the route takes a body.
    var wantsBody: Bool {
        switch action {
        case .upload: true
        case .open, .query, .command: body != .none
        }
    }
}
