/// An option, a flag or a positional argument of a subcommand, and the type of its value.
///
/// Declare each as a member of the type, so that both the subcommand and the code that reads it can say `.wait`:
///
///     extension Parameter where Value == Duration {
///         static var wait: Parameter {
///             .option("wait", .duration(), default: "5s", help: "the longest that a request waits")
///         }
///     }
public struct Parameter<Value: Sendable>: Sendable {
    let declaration: ParameterDeclaration

    private init(
        _ name: String, _ kind: ParameterDeclaration.Kind, _ format: ValueFormat<Value>, default standard: String?,
        isRequired: Bool, isSecret: Bool, help: String
    ) {
        if let standard {
            precondition(format.parse(standard) != nil, "the default of \(name), \(standard), is no value of its kind")
        }
        declaration = ParameterDeclaration(
            name: name, kind: kind, placeholder: format.placeholder, expectation: format.expectation,
            standard: standard, isRequired: isRequired, isSecret: isSecret, help: help, parse: { format.parse($0) })
    }

    /// An option `--name VALUE`, which can also be set as `MARTLET_NAME`.
    ///
    /// - Parameters:
    ///   - name: without the dashes in front: `web-root`.
    ///   - format: what kind of value it takes.
    ///   - default: the value when none is given, as it would be written.
    ///   - isRequired: whether the subcommand needs it.
    ///   - isSecret: whether the value must never be shown, neither in messages nor in help.
    ///   - help: what it does, as a phrase without a capital or a full stop.
    public static func option(
        _ name: String, _ format: ValueFormat<Value>, default standard: String? = nil, isRequired: Bool = false,
        isSecret: Bool = false, help: String
    ) -> Parameter {
        Parameter(
            name, .option, format, default: standard, isRequired: isRequired, isSecret: isSecret, help: help)
    }

    /// An argument that is recognized by its place.
    public static func positional(
        _ name: String, _ format: ValueFormat<Value>, default standard: String? = nil, isRequired: Bool = true,
        help: String
    ) -> Parameter {
        Parameter(
            name, .positional, format, default: standard, isRequired: isRequired && standard == nil, isSecret: false,
            help: help)
    }
}

extension Parameter where Value == Bool {
    /// A flag `--name`, off unless it is given.
    public static func flag(_ name: String, help: String) -> Parameter {
        Parameter(name, .flag, .flag, default: "no", isRequired: false, isSecret: false, help: help)
    }
}

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
