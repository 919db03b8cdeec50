internal import Application
internal import HTTPServer
internal import Projections

/// One row of the table of routes: a method at a path, and all that is to be known of it.
///
/// `Allow`, 405, `HEAD`, readiness, keys and permissions follow from the rows; there is no second list of any of it.
final class Route: Sendable {
    /// What a request must bring along.
    enum Body {
        /// Nothing; a body is thrown away.
        case none
        /// JSON, at most ``AdapterConfiguration/bodyLimit`` bytes.
        case json
    }

    /// What only some accounts may.
    enum Permission {
        /// Accounts with the role admin.
        case admin
    }

    /// What is done for a request.
    enum Action: Sendable {
        /// Answers anybody; no key is looked at.
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
    let permission: Permission?
    /// The read models without which there is no answer; with a key also the accounts.
    let needs: [ReadModel]
    /// Whether the header `Martlet-Wait` is heeded.
    let waits: Bool
    /// Whether it is there to see what is wrong and to mend it: then a key is enough that was valid when the accounts
    /// stopped.
    let isForMending: Bool
    let action: Action

    init(
        _ method: RequestMethod, _ pattern: StaticString, body: Body = .none, permission: Permission? = nil,
        needs: [ReadModel] = [], waits: Bool = true, isForMending: Bool = false, _ action: Action
    ) {
        self.method = method
        self.pattern = pattern
        self.body = body
        self.permission = permission
        self.waits = waits
        self.isForMending = isForMending
        self.action = action
        self.needs = if case .open = action { needs } else { [.accounts] + needs }
    }

    /// Whether the caller must show a key.
    var needsKey: Bool {
        if case .open = action { false } else { true }
    }

    /// Whether the body is wanted, so that the caller is looked up before it comes.
    var wantsBody: Bool {
        switch action {
        case .upload: true
        case .open, .query, .command: body == .json
        }
    }
}
