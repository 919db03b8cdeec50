internal import Glibc

/// What a `.env` file sets: `NAME=value` lines, as shells and container tools read them.
///
/// `export` before a name is allowed; a value is bare (to the end of the line, or to ` #`), in single quotes (taken as
/// it is), or in double quotes (with `\n`, `\t`, `\"`, `\\` and `\$`). Nothing is substituted.
struct DotEnvFile: Sendable {
    struct Entry: Hashable, Sendable {
        let value: String
        let line: Int
    }

    struct Failure: Error, Hashable {
        let line: Int
        let reason: String
    }

    private(set) var entries: [String: Entry] = [:]

    /// Reads the lines.
    init(parsing text: String) throws(Failure) {
        // "\r\n" is one Character, and one newline.
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            do throws(Problem) {
                guard let (name, value) = try DotEnvFile.parse(line) else { continue }
                if let before = entries[name] { throw Problem(reason: "\(name) is set on line \(before.line) already") }
                entries[name] = Entry(value: value, line: index + 1)
            } catch {
                throw Failure(line: index + 1, reason: error.reason)
            }
        }
    }

    /// Reads a file whole.
    ///
    /// - Returns: `nil` if there is no such file.
    static func contents(of path: String) throws(Problem) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 {
            if errno == ENOENT { return nil }
            throw Problem(reason: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &piece, piece.count)
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw Problem(reason: String(cString: strerror(errno))) }
            if count == 0 { break }
            bytes += piece[..<count]
            if bytes.count > 1 << 20 { throw Problem(reason: "it is larger than 1MiB") }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Problem(reason: "it is not UTF-8") }
        return text
    }

    struct Problem: Error {
        let reason: String
    }
}

extension DotEnvFile {
    private static func parse(_ line: Substring) throws(Problem) -> (name: String, value: String)? {
        var rest = line.drop(while: \.isWhitespace)
        if rest.isEmpty || rest.hasPrefix("#") { return nil }
        if rest.hasPrefix("export ") || rest.hasPrefix("export\t") {
            rest = rest.dropFirst("export ".count).drop(while: \.isWhitespace)
        }
        guard let equals = rest.firstIndex(of: "=") else { throw Problem(reason: "NAME=value is expected") }
        let name = rest[..<equals]
        guard isName(name) else {
            throw Problem(reason: "\"\(name)\" is no name: letters, digits and _ are, not beginning with a digit")
        }
        rest = rest[rest.index(after: equals)...]
        switch rest.drop(while: \.isWhitespace).first {
        case "'": return (String(name), try quoted(rest.drop(while: \.isWhitespace), "'"))
        case "\"": return (String(name), try quoted(rest.drop(while: \.isWhitespace), "\""))
        default: return (String(name), bare(rest))
        }
    }

    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.first, !first.isNumber else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }

    private static func bare(_ text: Substring) -> String {
        var end = text.startIndex
        var previous: Character = " "
        for index in text.indices {
            if text[index] == "#" && previous.isWhitespace { break }
            previous = text[index]
            if !previous.isWhitespace { end = text.index(after: index) }
        }
        return String(text[..<end].drop(while: \.isWhitespace))
    }

    private static func quoted(_ text: Substring, _ quote: Character) throws(Problem) -> String {
        var value = ""
        var rest = text.dropFirst()
        while let character = rest.popFirst() {
            if character == quote {
                rest = rest.drop(while: \.isWhitespace)
                guard rest.isEmpty || rest.hasPrefix("#") else {
                    throw Problem(reason: "something stands after the closing quote")
                }
                return value
            }
            guard quote == "\"", character == "\\" else {
                value.append(character)
                continue
            }
            switch rest.popFirst() {
            case "n": value.append("\n")
            case "t": value.append("\t")
            case "\"": value.append("\"")
            case "\\": value.append("\\")
            case "$": value.append("$")
            default: throw Problem(reason: "after \\ one of n t \" \\ $ is expected")
            }
        }
        throw Problem(reason: "the closing quote is missing")
    }
}

extension Program {
    /// Takes what the environment says about a subcommand's options. Variables with other names belong to other
    /// programs. An empty variable counts as missing, because container tools cannot leave one out.
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
    /// All subcommands share the file, so a name that any of them knows is right. A name with our prefix that no
    /// subcommand knows is a typing error. Otherwise it would be a setting that silently does nothing.
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
