/// What a server answered.
public struct ControlAnswer: Sendable, Equatable {
    /// The status, such as 200.
    public let status: Int
    /// The body as it came.
    public let body: [UInt8]

    /// Whether the status is 2xx.
    public var isSuccess: Bool { 200..<300 ~= status }
}

/// Reads one answer from its bytes, in whatever pieces they come.
struct AnswerReader {
    private let longestBody: Int
    private var bytes: [UInt8] = []
    private var head: Head?

    /// The most bytes of a head.
    static let longestHead = 64 << 10

    private struct Head {
        let status: Int
        let bodyStart: Int
        let length: Int
    }

    init(longestBody: Int) { self.longestBody = longestBody }

    /// Takes the next bytes.
    mutating func take(_ more: [UInt8]) { bytes += more }

    /// The answer; `nil` as long as it is not whole.
    ///
    /// - Throws: ``ControlError/malformed(_:)``, ``ControlError/tooLong(limit:)``.
    mutating func answer() throws(ControlError) -> ControlAnswer? {
        if head == nil { head = try readHead() }
        guard let head else { return nil }
        let end = head.bodyStart + head.length
        guard bytes.count >= end else { return nil }
        return ControlAnswer(status: head.status, body: Array(bytes[head.bodyStart..<end]))
    }

    private func readHead() throws(ControlError) -> Head? {
        guard let end = bytes.prefix(Self.longestHead).firstRange(of: Array("\r\n\r\n".utf8)) else {
            guard bytes.count < Self.longestHead else { throw .tooLong(limit: Self.longestHead) }
            return nil
        }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(
            separator: "\r\n", omittingEmptySubsequences: false)
        let status = try Self.status(lines[0])
        let length = try Self.length(lines.dropFirst())
        // By RFC 9110 these have no body, and so need no length.
        guard let length = length ?? (status == 204 || status == 304 ? 0 : nil) else {
            throw .malformed("an answer without Content-Length")
        }
        guard length <= longestBody else { throw .tooLong(limit: longestBody) }
        return Head(status: status, bodyStart: end.upperBound, length: length)
    }

    private static func status(_ line: Substring) throws(ControlError) -> Int {
        let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        // A request that asks for no interim answer gets none, so 1xx is none of ours.
        guard words.count >= 2, words[0] == "HTTP/1.1" || words[0] == "HTTP/1.0", words[1].utf8.count == 3,
            let status = number(words[1]), 200...599 ~= status
        else { throw .malformed("\"\(line.prefix(64))\" is no status line") }
        return status
    }

    private static func length(_ lines: ArraySlice<Substring>) throws(ControlError) -> Int? {
        var length: Int?
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else {
                throw .malformed("\"\(line.prefix(64))\" is no header line")
            }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            switch line[..<colon].lowercased() {
            case "transfer-encoding": throw .malformed("an answer in chunks")
            case "content-length":
                guard length == nil, let number = number(value) else {
                    throw .malformed("Content-Length is \"\(value.prefix(64))\", or given twice")
                }
                length = number
            default: break
            }
        }
        return length
    }

    /// Plain digits.
    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } ? Int(text) : nil
    }
}
