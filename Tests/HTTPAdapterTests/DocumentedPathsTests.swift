import Foundation
import Testing

/// What the documents name in the code is there: `Sources/Module/File.swift`, or `Sources/Module/File.swift:name`.
@Suite struct DocumentedPathsTests {
    private static let checkout = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static let pages = [
        "docs/architecture.md", "docs/changing.md", "docs/glossary.md", "docs/events.md", "docs/read-models.md",
        "README.md", "CONTRIBUTING.md",
    ]

    /// A place in the code, as a page names it.
    private struct Place: Hashable {
        let file: String
        /// A function, property, case or type in it.
        let name: String?
    }

    @Test(arguments: pages) func `Every place that a page names is in the code`(page: String) throws {
        for place in try Self.places(in: page) {
            let path = Self.checkout.appending(path: place.file).path
            guard FileManager.default.fileExists(atPath: path) else {
                Issue.record("\(page) names \(place.file), which does not exist")
                continue
            }
            guard let name = place.name else { continue }
            let source = try String(contentsOfFile: path, encoding: .utf8)
            #expect(
                Self.declares(name, in: source), "\(page) names \(place.file):\(name), which that file does not have")
        }
    }

    @Test func `Each step of a write, a read and a rebuild names a function`() throws {
        let text = try Self.text(of: "docs/architecture.md")
        for title in ["## A write, step by step", "## A read", "### Rebuilding"] {
            let start = try #require(text.range(of: title + "\n"), "there is no section \"\(title)\"").upperBound
            let end = text[start...].range(of: "\n#")?.lowerBound ?? text.endIndex
            let steps = text[start..<end].split(separator: #/\n(?=\d+\. )/#).dropFirst()
            #expect(steps.count > 2, "the section \"\(title)\" has no steps")
            for step in steps {
                #expect(
                    step.contains(#/`Sources\/[^`]+\.swift:\w+`/#),
                    "a step of \"\(title)\" names no function: \(step.prefix(40))")
            }
        }
    }

    @Test func `A name is found only where it is declared`() {
        let source = "    func begin(_ exchange: Exchange) { proceed() }\n    case one, other(Int)\n    init() {}\n"
        for name in ["begin", "one", "other", "init"] { #expect(Self.declares(name, in: source)) }
        for name in ["beg", "exchange", "proceed"] { #expect(!Self.declares(name, in: source)) }
    }

    private static func text(of page: String) throws -> String {
        try String(contentsOf: checkout.appending(path: page), encoding: .utf8)
    }

    private static func places(in page: String) throws -> Set<Place> {
        let matches = try text(of: page).matches(of: #/`((?:Sources|Tests)\/[\w\/+.-]+)(?::(\w+))?`/#)
        return Set(matches.map { Place(file: String($0.output.1), name: $0.output.2.map { String($0) }) })
    }

    private static let keywords: Set<Substring> = [
        "func", "var", "let", "struct", "class", "enum", "actor", "protocol", "extension", "typealias",
    ]

    private static func declares(_ name: String, in source: String) -> Bool {
        for line in source.split(separator: "\n") {
            let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
            if words.first == "case", words.contains(Substring(name)) { return true }
            if name == "init", words.contains("init") { return true }
            for (word, next) in zip(words, words.dropFirst()) where keywords.contains(word) && next == name {
                return true
            }
        }
        return false
    }
}
