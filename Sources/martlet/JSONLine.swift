import FoundationEssentials

/// A flat JSON object on one line, for results.
struct JSONLine {
    private var members: [String] = []

    mutating func add(_ name: String, _ value: String) { members.append("\(Self.quote(name)):\(Self.quote(value))") }

    mutating func add(_ name: String, _ value: some BinaryInteger) { members.append("\(Self.quote(name)):\(value)") }

    mutating func add(_ name: String, _ value: JSONLine) { members.append("\(Self.quote(name)):\(value.text)") }

    var text: String { "{" + members.joined(separator: ",") + "}" }

    var bytes: [UInt8] { Array((text + "\n").utf8) }

    private static func quote(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        guard let data = try? encoder.encode(text) else { return "\"\"" }
        return String(decoding: data, as: UTF8.self)
    }
}
