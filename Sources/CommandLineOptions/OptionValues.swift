/// The values that one run of a subcommand was given, checked against their kinds.
public struct OptionValues: Sendable {
    struct Entry: Sendable {
        let declaration: ParameterDeclaration
        let value: any Sendable
        let text: String
        let source: ValueSource
    }

    let command: String
    private(set) var entries: [String: Entry] = [:]

    init(command: String) {
        self.command = command
    }

    /// The value that was given, or the default.
    ///
    /// - Throws: `missing` if there is neither.
    public func value<Value>(_ parameter: Parameter<Value>) throws(CommandLineError) -> Value {
        guard let value = optionalValue(parameter) else {
            throw CommandLineError(
                command: command, problem: .missing(parameter.declaration.usage, parameter.declaration.expectation))
        }
        return value
    }

    /// The value that was given, or the default; `nil` if there is neither.
    public func optionalValue<Value>(_ parameter: Parameter<Value>) -> Value? {
        guard let entry = entries[parameter.declaration.name] else { return nil }
        guard let value = entry.value as? Value else {
            preconditionFailure("\(parameter.declaration.written) is declared twice, with different types")
        }
        return value
    }

    /// Where the value came from; `nil` if there is no value.
    public func source<Value>(of parameter: Parameter<Value>) -> ValueSource? {
        entries[parameter.declaration.name]?.source
    }

    /// Every value with its origin, one a line, for the start of a log. Secrets are not shown.
    public var summary: [String] {
        entries.values.sorted { $0.declaration.name < $1.declaration.name }.map { entry in
            "\(entry.declaration.written) \(entry.declaration.isSecret ? "(not shown)" : entry.text) (\(entry.source))"
        }
    }

    /// Checks a text and keeps its value. The first value for a name stays.
    mutating func set(
        _ declaration: ParameterDeclaration, _ text: String, from source: ValueSource
    ) throws(CommandLineError) {
        guard entries[declaration.name] == nil else { return }
        guard let value = declaration.parse(text) else {
            let shown = declaration.isSecret ? nil : text
            throw CommandLineError(
                command: command,
                problem: .badValue(declaration.written, source, value: shown, expectation: declaration.expectation))
        }
        entries[declaration.name] = Entry(declaration: declaration, value: value, text: text, source: source)
    }
}

/// Where a value came from. If there are several, the earlier one in this list counts.
public enum ValueSource: Hashable, Sendable, CustomStringConvertible {
    /// The command line.
    case argument

    /// A variable of the environment.
    case environment(variable: String)

    /// A line of the file `.env`.
    case dotEnv(variable: String, line: Int)

    /// No value was given.
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
