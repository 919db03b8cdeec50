extension Program {
    /// Reads a command line.
    ///
    /// A value on the command line comes before one from the environment, then one from `.env`, then the default.
    ///
    /// - Parameters:
    ///   - arguments: without the program's name.
    ///   - environment: the variables.
    ///   - dotEnv: the text of the file `.env`, if there is one.
    public func parse(
        _ arguments: [String], environment: [String: String] = [:], dotEnv: String? = nil
    ) throws(CommandLineError) -> Invocation {
        try parse(arguments, environment: environment) { dotEnv }
    }

    /// Reads a command line, and `.env` only if there is something to run. A help page must not fail because of it.
    func parse(
        _ arguments: [String], environment: [String: String], dotEnv: () throws(CommandLineError) -> String?
    ) throws(CommandLineError) -> Invocation {
        if let shown = try pageBeforeSubcommand(arguments) { return .show(shown) }
        let subcommand = try subcommand(of: arguments)
        let rest = arguments.dropFirst(subcommand.words.count)
        if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
            return .show(help(of: subcommand))
        }
        var values = OptionValues(command: "\(name) \(subcommand.name)")
        try read(rest, of: subcommand, into: &values)
        try read(environment, of: subcommand, into: &values)
        if let dotEnv = try dotEnv() { try read(dotEnv: dotEnv, of: subcommand, into: &values) }
        for parameter in subcommand.parameters {
            if let standard = parameter.standard { try values.set(parameter, standard, from: .standard) }
            if parameter.isRequired && values.entries[parameter.name] == nil {
                throw CommandLineError(
                    command: values.command, problem: .missing(parameter.usage, parameter.expectation))
            }
        }
        return .run(subcommand, values)
    }

    private func pageBeforeSubcommand(_ arguments: [String]) throws(CommandLineError) -> String? {
        switch arguments.first {
        case nil: throw CommandLineError(command: name, problem: .noSubcommand)
        case "--help", "-h", "help":
            let rest = Array(arguments.dropFirst())
            return rest.isEmpty ? help : help(of: try subcommand(of: rest))
        case "--version": return "\(name) \(version)"
        case let first?:
            let isGroup = subcommands.contains { $0.words.count > 1 && $0.words[0] == first }
            return isGroup && ["--help", "-h"].contains(arguments.dropFirst().first ?? "") ? help : nil
        }
    }

    private func subcommand(of arguments: [String]) throws(CommandLineError) -> Subcommand {
        let fitting = subcommands.filter { $0.words.elementsEqual(arguments.prefix($0.words.count)) { $0 == $1 } }
        if let longest = fitting.max(by: { $0.words.count < $1.words.count }) { return longest }
        let first = arguments[0]
        if first.hasPrefix("-") {
            let nearest = ["--help", "--version"].nearest(to: first)
            throw CommandLineError(command: name, problem: .unknownOption(first, nearest: nearest))
        }
        let group = subcommands.filter { $0.words.count > 1 && $0.words[0] == first }
        guard let second = arguments.dropFirst().first, !second.hasPrefix("-") || group.isEmpty else {
            guard group.isEmpty else {
                let choices = group.map { String($0.words[1]) }
                throw CommandLineError(command: name, problem: .incompleteSubcommand(first, choices: choices))
            }
            throw unknown(first)
        }
        throw unknown(group.isEmpty ? first : "\(first) \(second)")
    }

    private func unknown(_ written: String) -> CommandLineError {
        let nearest = subcommands.map(\.name).nearest(to: written)
        return CommandLineError(command: name, problem: .unknownSubcommand(written, nearest: nearest))
    }

    private func read(
        _ arguments: ArraySlice<String>, of subcommand: Subcommand, into values: inout OptionValues
    ) throws(CommandLineError) {
        var rest = arguments
        var positionals = subcommand.positionals[...]
        var areOptionsOver = false
        while let argument = rest.popFirst() {
            if argument == "--" && !areOptionsOver {
                areOptionsOver = true
            } else if argument.hasPrefix("-") && argument != "-" && !areOptionsOver {
                try readOption(argument, &rest, of: subcommand, into: &values)
            } else if let positional = positionals.popFirst() {
                try values.set(positional, argument, from: .argument)
            } else {
                throw CommandLineError(command: values.command, problem: .unexpectedArgument(argument))
            }
        }
    }

    private func readOption(
        _ argument: String, _ rest: inout ArraySlice<String>, of subcommand: Subcommand,
        into values: inout OptionValues
    ) throws(CommandLineError) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { String($0) }
        guard let option = subcommand.options.first(where: { $0.written == parts[0] }) else {
            let nearest = (subcommand.options.map(\.written) + ["--help"]).nearest(to: parts[0])
            throw CommandLineError(command: values.command, problem: .unknownOption(parts[0], nearest: nearest))
        }
        if values.entries[option.name] != nil {
            throw CommandLineError(command: values.command, problem: .givenTwice(option.written))
        }
        if parts.count == 2 {
            try values.set(option, parts[1], from: .argument)
        } else if option.kind == .flag {
            try values.set(option, "yes", from: .argument)
        } else if let next = rest.first, !next.hasPrefix("--") {
            try values.set(option, rest.removeFirst(), from: .argument)
        } else {
            // A value that begins with -- can be given as --name=--value.
            let problem = CommandLineError.Problem.noValue(
                option.written, placeholder: option.placeholder, expectation: option.expectation, next: rest.first)
            throw CommandLineError(command: values.command, problem: problem)
        }
    }
}
