/// One thing that the program can do.
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
    ///   - discussion: what its own help page says besides; paragraphs are separated by empty lines.
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
