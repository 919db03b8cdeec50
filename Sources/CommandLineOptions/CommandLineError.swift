/// A command line, or a setting in the environment, cannot be carried out. The program then ends with status 2.
public struct CommandLineError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Problem: Hashable, Sendable {
        case noSubcommand
        case unknownSubcommand(String, nearest: String?)
        case incompleteSubcommand(String, choices: [String])
        case unknownOption(String, nearest: String?)
        case missing(String, String)
        case noValue(String, placeholder: String, expectation: String, next: String?)
        case badValue(String, ValueSource, value: String?, expectation: String)
        case givenTwice(String)
        case unexpectedArgument(String)
        case badDotEnv(line: Int, reason: String)
        case unknownVariable(String, line: Int, nearest: String?)
        case unreadableDotEnv(reason: String)
    }

    /// The program's name, and the subcommand's if it was known: `martlet serve`.
    public let command: String

    /// What is wrong.
    public let problem: Problem

    /// The message for standard error: one line that says what is wrong, one that says where help is.
    public var description: String {
        "\(command): \(text)\nTry '\(command) --help'."
    }

    private var text: String {
        switch problem {
        case .noSubcommand: "nothing to do: a subcommand is needed"
        case .unknownSubcommand(let name, let nearest):
            "unknown subcommand \(quoted(name))" + suggestion(nearest)
        case .incompleteSubcommand(let name, let choices):
            "\(quoted(name)) needs a word after it: " + choices.joined(separator: ", ")
        case .unknownOption(let name, let nearest): "unknown option \(name)" + suggestion(nearest)
        case .missing(let usage, let expectation): "\(usage) is needed: \(expectation)"
        case .noValue(let option, let placeholder, let expectation, let next):
            "\(option) needs a value: \(option) \(placeholder), \(expectation)"
                + (next.map { "; \($0) stands there instead" } ?? "")
        case .badValue(let option, let source, let value, let expectation):
            (source == .argument ? "\(option): " : "\(source) (for \(option)): ")
                + "\(value.map(quoted) ?? "the value (not shown)") is not \(expectation)"
        case .givenTwice(let option): "\(option) is given twice"
        case .unexpectedArgument(let argument): "unexpected argument \(quoted(argument))"
        case .badDotEnv(let line, let reason): ".env, line \(line): \(reason)"
        case .unknownVariable(let name, let line, let nearest):
            ".env, line \(line): no option is set by \(name)" + suggestion(nearest)
        case .unreadableDotEnv(let reason): "cannot read .env in the working directory: \(reason)"
        }
    }
}

private func suggestion(_ nearest: String?) -> String {
    nearest.map { "; did you mean \($0)?" } ?? ""
}

/// In quotes, with control characters made visible, so that a message stays one line.
private func quoted(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars {
        if scalar == "\"" || scalar == "\\" {
            shown += "\\"
            shown.unicodeScalars.append(scalar)
        } else if scalar.value < 0x20 || scalar.value == 0x7F {
            shown += "\\u{\(String(scalar.value, radix: 16))}"
        } else {
            shown.unicodeScalars.append(scalar)
        }
    }
    return "\"\(shown)\""
}

extension Sequence<String> {
    /// The name that was probably meant; `nil` if no name is near enough to help.
    func nearest(to written: String) -> String? {
        let found = map { (name: $0, distance: editDistance(written, $0)) }.min { $0.distance < $1.distance }
        guard let found, found.distance <= Swift.max(1, written.count / 3) else { return nil }
        return found.name
    }
}

/// How many characters must be added, dropped, replaced, or swapped with their neighbour (Damerau, Levenshtein).
func editDistance(_ left: String, _ right: String) -> Int {
    let left = Array(left.lowercased())
    let right = Array(right.lowercased())
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 0..<left.count {
        var current = [row + 1]
        for column in 0..<right.count {
            let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
            var best = Swift.min(replaced, last[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                best = Swift.min(best, beforeLast[column - 1] + 1)
            }
            current.append(best)
        }
        beforeLast = last
        last = current
    }
    return last[right.count]
}
