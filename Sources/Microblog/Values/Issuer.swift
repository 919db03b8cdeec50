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
