/// A parameter whose value type only its reader knows.
struct ParameterDeclaration: Sendable {
    enum Kind: Sendable {
        case option
        case flag
        case positional
    }

    let name: String
    let kind: Kind
    let placeholder: String
    let expectation: String
    let standard: String?
    let isRequired: Bool
    let isSecret: Bool
    let help: String
    let parse: @Sendable (String) -> (any Sendable)?

    /// As it is written: `--web-root`, or `FILE`.
    var written: String {
        kind == .positional ? name.uppercased() : "--\(name)"
    }

    /// As a usage line shows it: `--web-root DIR`.
    var usage: String {
        kind == .option ? "\(written) \(placeholder)" : written
    }

    /// The environment variable that also sets it: `MARTLET_WEB_ROOT`.
    func variable(prefix: String) -> String {
        prefix + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
    }
}
