/// Where a value came from; the earlier of these counts when there are several.
public enum ValueSource: Hashable, Sendable, CustomStringConvertible {
    /// The command line.
    case argument

    /// A variable of the environment.
    case environment(variable: String)

    /// A line of the file `.env`.
    case dotEnv(variable: String, line: Int)

    /// Nobody said anything.
    case standard

    /// For messages and logs.
    public var description: String {
        switch self {
        case .argument: "command line"
        case .environment(let variable): "\(variable) in the environment"
        case .dotEnv(let variable, let line): "\(variable) in .env, line \(line)"
        case .standard: "default"
        }
    }
}
