/// Who gave a command. This becomes the actor of the event.
public enum Issuer: Hashable, Sendable, CustomStringConvertible {
    /// The person who runs the program at its command line. The operator has no account.
    case `operator`
    /// An account, by one of its access keys.
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

/// What an account may do beyond acting for itself.
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

    /// The role with this word; `nil` if there is no such role.
    public init?(name: String) {
        guard let role = Role.allCases.first(where: { $0.name == name }) else { return nil }
        self = role
    }

    var word: String { name }
}
