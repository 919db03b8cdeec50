/// How one kind of value is written on the command line: what people may write, and the value that it gives.
public struct ValueFormat<Value: Sendable>: Sendable {
    /// The placeholder for the value in a help page, in capitals: `DIR`.
    public let placeholder: String

    /// What a value must be, as the end of "… is not": `a whole number from 1 to 10`.
    public let expectation: String

    /// Makes the value; `nil` when the text is not what is expected.
    public let parse: @Sendable (String) -> Value?

    /// Describes a kind of value.
    public init(placeholder: String, expectation: String, parse: @escaping @Sendable (String) -> Value?) {
        self.placeholder = placeholder
        self.expectation = expectation
        self.parse = parse
    }
}

extension ValueFormat where Value == String {
    /// Any text that is not empty.
    public static func text(_ placeholder: String = "TEXT") -> ValueFormat {
        ValueFormat(placeholder: placeholder, expectation: "a text that is not empty") { $0.isEmpty ? nil : $0 }
    }

    /// The path of a file or directory, which need not exist.
    public static func path(_ placeholder: String = "PATH") -> ValueFormat {
        ValueFormat(placeholder: placeholder, expectation: "a path") { text in
            text.isEmpty || text.utf8.contains(0) ? nil : text
        }
    }
}

extension ValueFormat where Value == Bool {
    /// The values of a flag where it has one: in the environment, in `.env`, or after `=`.
    static var flag: ValueFormat {
        ValueFormat(placeholder: "", expectation: "yes or no (true, false, 1 and 0 also do)") { text in
            switch text.lowercased() {
            case "yes", "true", "1", "on": true
            case "no", "false", "0", "off": false
            default: nil
            }
        }
    }
}

extension ValueFormat where Value: RawRepresentable<String> & CaseIterable {
    /// One of the raw values of an enumeration.
    public static func choice(_ placeholder: String? = nil) -> ValueFormat {
        let names = Value.allCases.map(\.rawValue)
        return ValueFormat(
            placeholder: placeholder ?? names.joined(separator: "|"),
            expectation: "one of " + names.joined(separator: ", ")
        ) { Value(rawValue: $0) }
    }
}
