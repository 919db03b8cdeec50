/// The kinds of reason for which a command is rejected.
public enum RejectionCategory: Hashable, Sendable, CaseIterable {
    /// A value is outside its bounds.
    case invalid
    /// No account could ever do this.
    case impossible
    /// Another account could do this, the issuer cannot.
    case forbidden
    /// What the command names is not there.
    case notFound
    /// What has happened since, or before, stands in the way.
    case conflict
}
