internal import Glibc

extension Program {
    /// Carries out the process's command line.
    ///
    /// - Returns: the status to end with: 0, 1 if the subcommand failed, 2 if it could not be understood.
    public func main() async -> Int32 {
        do {
            let arguments = Array(CommandLine.arguments.dropFirst())
            let invocation = try parse(arguments, environment: processEnvironment(), dotEnv: dotEnvText)
            switch invocation {
            case .show(let text): print(text)
            case .run(let subcommand, let values):
                do {
                    try await subcommand.run(values)
                } catch let error as CommandLineError {
                    throw error
                } catch {
                    complain("\(name) \(subcommand.name): \(error)")
                    return 1
                }
            }
            return 0
        } catch {
            complain("\(error)")
            return 2
        }
    }

    private func dotEnvText() throws(CommandLineError) -> String? {
        do throws(DotEnvFile.Problem) {
            return try DotEnvFile.contents(of: ".env")
        } catch {
            throw CommandLineError(command: name, problem: .unreadableDotEnv(reason: error.reason))
        }
    }
}

/// The process's variables. Later threads may change them, so this is read once, at the start.
private func processEnvironment() -> [String: String] {
    var variables: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
        let parts = String(cString: entry).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
        next += 1
    }
    return variables
}

private func complain(_ message: String) {
    // Not through `stderr`: for Swift this global is shared mutable state.
    let bytes = Array((message + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
}

/// A program with subcommands, as people use it on the command line.
public struct Program: Sendable {
    let name: String
    let version: String
    let summary: String
    let subcommands: [Subcommand]
    let variablePrefix: String

    /// Describes the program.
    ///
    /// - Parameters:
    ///   - name: as it is typed.
    ///   - version: what `--version` shows after the name.
    ///   - summary: what it is, in one or two sentences for the help page.
    ///   - subcommands: in the order of the help page; those of a group next to each other.
    ///   - variablePrefix: what the environment variables begin with; `MARTLET_` for a program named `martlet`.
    public init(
        name: String, version: String, summary: String, subcommands: [Subcommand], variablePrefix: String? = nil
    ) {
        self.name = name
        self.version = version
        self.summary = summary
        self.subcommands = subcommands
        self.variablePrefix = variablePrefix ?? name.uppercased() + "_"
        for subcommand in subcommands {
            let names = subcommand.parameters.map(\.name)
            precondition(Set(names).count == names.count, "\(subcommand.name) has two parameters of one name")
        }
    }

    /// What a command line asks for.
    public enum Invocation: Sendable {
        /// Run a subcommand with these values.
        case run(Subcommand, OptionValues)

        /// Show a text on standard output, and end with success.
        case show(String)
    }
}

/// A subcommand: one thing that the program can do.
public struct Subcommand: Sendable {
    /// What is typed after the program's name; two words for one of a group: `account create`.
    public let name: String
    let summary: String
    let discussion: String
    let parameters: [ParameterDeclaration]
    let action: @Sendable (OptionValues) async throws -> Void

    var words: [Substring] { name.split(separator: " ") }

    /// Describes a subcommand.
    ///
    /// - Parameters:
    ///   - name: one word or two.
    ///   - summary: what it does, in a line for the program's help page.
    ///   - discussion: more text for its own help page; paragraphs are separated by empty lines.
    ///   - parameters: everything it takes, in the order of the help page; positional ones in their order.
    ///   - action: what runs it.
    public init<each Value: Sendable>(
        _ name: String, summary: String, discussion: String = "", parameters: repeat Parameter<each Value>,
        action: @escaping @Sendable (OptionValues) async throws -> Void
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.action = action
        var declarations: [ParameterDeclaration] = []
        for parameter in repeat each parameters { declarations.append(parameter.declaration) }
        self.parameters = declarations
    }

    /// Runs it.
    public func run(_ options: OptionValues) async throws {
        try await action(options)
    }

    var options: [ParameterDeclaration] { parameters.filter { $0.kind != .positional } }
    var positionals: [ParameterDeclaration] { parameters.filter { $0.kind == .positional } }
}
