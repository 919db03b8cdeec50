/// How wide a help page may be.
private let pageWidth = 100

extension Program {
    /// The page that `--help` shows: every subcommand in a line.
    public var help: String {
        let rows = subcommands.map { (left: $0.name, right: $0.summary) }
        return [
            "usage: \(name) SUBCOMMAND [OPTION ...]",
            wrap(summary, indent: 0),
            "subcommands:\n" + table(rows),
            wrap(
                "'\(name) SUBCOMMAND --help' shows what a subcommand takes; '\(name) --version' shows the version.",
                indent: 0),
        ].joined(separator: "\n\n")
    }

    /// The page of one subcommand.
    public func help(of subcommand: Subcommand) -> String {
        var parts = [usage(of: subcommand), wrap(subcommand.summary.capitalizedFirst + ".", indent: 0)]
        for paragraph in paragraphs(subcommand.discussion) { parts.append(wrap(paragraph, indent: 0)) }
        let positionals = subcommand.positionals.map { (left: $0.usage, right: describe($0)) }
        if !positionals.isEmpty { parts.append("arguments:\n" + table(positionals)) }
        let options = subcommand.options.map { (left: $0.usage, right: describe($0)) }
        parts.append("options:\n" + table(options + [(left: "--help", right: "show this page")]))
        if let example = subcommand.options.first {
            parts.append(
                wrap(
                    """
                    An option can also be set in the environment, or in a file .env in the working directory: \
                    \(example.written) as \(example.variable(prefix: variablePrefix)). The command line counts \
                    before the environment, and that before .env.
                    """, indent: 0))
        }
        return parts.joined(separator: "\n\n")
    }

    private func usage(of subcommand: Subcommand) -> String {
        var words = ["usage: \(name) \(subcommand.name)"]
        words += subcommand.options.filter(\.isRequired).map(\.usage)
        if subcommand.options.contains(where: { !$0.isRequired }) { words.append("[OPTION ...]") }
        words += subcommand.positionals.map { $0.isRequired ? $0.usage : "[\($0.usage)]" }
        return words.joined(separator: " ")
    }

    private func describe(_ parameter: ParameterDeclaration) -> String {
        var notes: [String] = []
        if parameter.isRequired { notes.append("needed") }
        if let standard = parameter.standard, parameter.kind != .flag, !parameter.isSecret {
            notes.append("default: \(standard)")
        }
        if parameter.isSecret {
            notes.append("better set as \(parameter.variable(prefix: variablePrefix)): others can see command lines")
        }
        return notes.isEmpty ? parameter.help : "\(parameter.help) (\(notes.joined(separator: "; ")))"
    }
}

private func paragraphs(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
        .split { $0.allSatisfy(\.isWhitespace) }
        .map { $0.joined(separator: " ") }
}

/// Two columns. A left side that is too long for its column gets its own line.
private func table(_ rows: [(left: String, right: String)]) -> String {
    let column = min(rows.map(\.left.count).max() ?? 0, 28) + 4
    return rows.map { row in
        let right = wrap(row.right, indent: column)
        if row.left.count + 4 > column { return "  \(row.left)\n" + right }
        return "  " + row.left + right.dropFirst(row.left.count + 2)
    }.joined(separator: "\n")
}

/// Breaks a text into indented lines of at most 100 columns.
private func wrap(_ text: String, indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
        if !line.isEmpty && indent + line.count + 1 + word.count > pageWidth {
            lines.append(margin + line)
            line = ""
        }
        line += line.isEmpty ? "" : " "
        line += word
    }
    lines.append(margin + line)
    return lines.joined(separator: "\n")
}

extension String {
    fileprivate var capitalizedFirst: String {
        prefix(1).uppercased() + dropFirst()
    }
}
