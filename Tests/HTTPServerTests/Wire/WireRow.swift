import Testing

@testable import HTTPServer

/// Bytes that a client sends on a new connection, and what comes of them.
///
/// The outcome is written as `200 hello, 400, closed`: the status of each answer with its body, if that is no error of the
/// server, and then what the connection does: `open` for another request, `closed`, or `waits` for more.
struct WireRow: Sendable, CustomTestStringConvertible {
    let bytes: [UInt8]
    let outcome: String

    init(_ text: String, _ outcome: String) {
        bytes = Array(text.utf8)
        self.outcome = outcome
    }

    init(bytes: [UInt8], _ outcome: String) {
        self.bytes = bytes
        self.outcome = outcome
    }

    var testDescription: String {
        String(decoding: bytes.prefix(120), as: UTF8.self).debugDescription + " → " + outcome
    }

    /// Feeds the bytes whole, cut in two at each place, and one by one.
    func check(sourceLocation: SourceLocation = #_sourceLocation) {
        let whole = Self.outcome(of: [bytes])
        #expect(whole == outcome, sourceLocation: sourceLocation)
        let step = max(1, bytes.count / 400)
        for place in stride(from: 1, to: bytes.count, by: step) {
            let cut = Self.outcome(of: [Array(bytes[..<place]), Array(bytes[place...])])
            #expect(cut == outcome, "cut at \(place)", sourceLocation: sourceLocation)
        }
        #expect(Self.outcome(of: bytes.map { [$0] }) == outcome, "byte by byte", sourceLocation: sourceLocation)
    }

    private static func outcome(of pieces: [[UInt8]]) -> String {
        let driven = DrivenConnection()
        for piece in pieces { driven.send(piece) }
        let isHead = pieces.joined().starts(with: "HEAD ".utf8)
        let answers = WireAnswer.read(driven.output.bytes, isHead: isHead)
        // The last answer says what becomes of the connection, and each but the last that it goes on.
        let saysClose = answers.map(\.closes)
        let isSound = saysClose.dropLast().allSatisfy { !$0 } && (saysClose.last ?? false) == !driven.isOpen
        let end = driven.isOpen ? (driven.phase == .idle ? "open" : "waits") : "closed"
        return (answers.map(\.text) + [end]).joined(separator: ", ") + (isSound ? "" : " against its word")
    }
}

/// An answer as it went over the wire.
struct WireAnswer {
    let status: Int
    let body: String
    let closes: Bool

    var text: String { body.isEmpty || body.hasPrefix("{\"error\"") ? "\(status)" : "\(status) \(body)" }

    /// Takes answers apart. What is no answer counts as one with status 0.
    static func read(_ bytes: [UInt8], isHead: Bool = false) -> [WireAnswer] {
        var answers: [WireAnswer] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let end = rest.firstRange(of: Array("\r\n\r\n".utf8)), rest.starts(with: "HTTP/1.1 ".utf8) else {
                return answers + [WireAnswer(status: 0, body: String(decoding: rest, as: UTF8.self), closes: false)]
            }
            let lines = String(decoding: rest[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
            let status = lines.first.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) } ?? 0
            func values(_ name: String) -> [Substring] {
                lines.filter { $0.hasPrefix("\(name): ") }.map { $0.dropFirst(name.count + 2) }
            }
            let lengths = values("Content-Length").compactMap { Int($0) }
            let hasLength = lengths.count == ([100, 204, 304].contains(status) ? 0 : 1)
            let count = isHead ? 0 : lengths.first ?? 0
            answers.append(
                WireAnswer(
                    status: hasLength ? status : 0,
                    body: String(decoding: rest[end.upperBound...].prefix(count), as: UTF8.self),
                    closes: values("Connection").contains("close")))
            rest = rest[end.upperBound...].dropFirst(count)
        }
        return answers
    }
}
