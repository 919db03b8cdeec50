/// Who gave a command, and so who the actor of the event is.
public enum Issuer: Hashable, Sendable, CustomStringConvertible {
    /// Whoever runs the program, at its command line; has no account.
    case `operator`
    /// An account, by an access key of its own.
    case account(AccountID)

    /// The number that the log keeps: the account's id, 0 for the operator.
    @inlinable
    public var rawValue: UInt64 {
        switch self {
        case .operator: 0
        case .account(let id): id.rawValue
        }
    }

    /// Reads the number that the log keeps.
    @inlinable
    public init(rawValue: UInt64) {
        self = rawValue == 0 ? .operator : .account(AccountID(rawValue))
    }

    /// `operator` or `account 17`.
    public var description: String {
        switch self {
        case .operator: "operator"
        case .account(let id): "account \(id)"
        }
    }
}

/// What an account may do beyond its own affairs.
///
/// The raw value is stored and never changes its meaning.
public enum Role: UInt8, CaseIterable, Sendable, FieldCode {
    /// Acts for itself only.
    case member = 1
    /// May also register accounts and issue and revoke keys.
    case admin = 2

    /// The word for it in commands and exports.
    public var name: String {
        switch self {
        case .member: "member"
        case .admin: "admin"
        }
    }

    /// The role with this word; `nil` if there is none.
    public init?(name: String) {
        guard let role = Role.allCases.first(where: { $0.name == name }) else { return nil }
        self = role
    }

    var word: String { name }
}
