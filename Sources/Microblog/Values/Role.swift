/// What an account may do beyond its own affairs.
///
/// The raw value is stored and never changes its meaning.
public enum Role: UInt8, CaseIterable, Sendable {
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
}
