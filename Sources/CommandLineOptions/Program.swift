/// A program with subcommands, as people meet it on the command line.
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
    ///   - summary: what it is, in a sentence or two for the help page.
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

        /// Show a text on standard output, and end well.
        case show(String)
    }
}
