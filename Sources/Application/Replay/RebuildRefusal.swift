/// Why no rebuild of the read models begins.
public enum RebuildRefusal: Error, Sendable, CustomStringConvertible {
    /// One is under way.
    case underWay
    /// Nobody follows the log any more, who could take the result into use.
    case notFollowing(String)

    /// One line for people.
    public var description: String {
        switch self {
        case .underWay: "a rebuild of the read models is under way"
        case .notFollowing(let reason): "the read models cannot be rebuilt: \(reason)"
        }
    }
}
