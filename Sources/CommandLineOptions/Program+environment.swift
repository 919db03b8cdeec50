extension Program {
    /// Takes what the environment says about a subcommand's options. Variables of other names are somebody else's;
    /// an empty one is as good as none, since container tools cannot leave one out.
    func read(
        _ environment: [String: String], of subcommand: Subcommand, into values: inout OptionValues
    ) throws(CommandLineError) {
        for option in subcommand.options {
            let variable = option.variable(prefix: variablePrefix)
            guard let text = environment[variable], !text.isEmpty else { continue }
            try values.set(option, text, from: .environment(variable: variable))
        }
    }

    /// Takes what `.env` says about a subcommand's options.
    ///
    /// The file is shared by all subcommands, so a name that any of them knows is right; one with our prefix that none
    /// knows is a slip of the pen, and would otherwise be a setting that silently does nothing.
    func read(
        dotEnv text: String, of subcommand: Subcommand, into values: inout OptionValues
    ) throws(CommandLineError) {
        let file: DotEnvFile
        do throws(DotEnvFile.Failure) {
            file = try DotEnvFile(parsing: text)
        } catch {
            throw CommandLineError(
                command: values.command, problem: .badDotEnv(line: error.line, reason: error.reason))
        }
        let known = Set(subcommands.flatMap(\.options).map { $0.variable(prefix: variablePrefix) })
        for (name, entry) in file.entries.sorted(by: { $0.value.line < $1.value.line })
        where name.hasPrefix(variablePrefix) && !known.contains(name) {
            let nearest = known.sorted().nearest(to: name)
            throw CommandLineError(
                command: values.command, problem: .unknownVariable(name, line: entry.line, nearest: nearest))
        }
        for option in subcommand.options {
            let variable = option.variable(prefix: variablePrefix)
            guard let entry = file.entries[variable], !entry.value.isEmpty else { continue }
            try values.set(option, entry.value, from: .dotEnv(variable: variable, line: entry.line))
        }
    }
}
