import TestSupport

/// A legal request at random, for ``TestHandler``: what clients may send, in the many ways in which they may write it.
struct RandomRequest {
    let bytes: [UInt8]
    /// Whether the answer has no body, whatever its Content-Length says.
    let isHead: Bool
    /// Whether an interim answer, 100, may come before the answer.
    let expectsContinue: Bool

    /// Makes one up.
    init(_ random: inout SplitMix64) {
        let kinds: [(inout SplitMix64) -> (line: String, fields: [String], body: [UInt8]?)] = [
            Self.question, Self.question, Self.echo, Self.echo, Self.form, Self.unwanted,
        ]
        let (line, fields, body) = kinds[random.below(kinds.count)](&random)
        isHead = line.hasPrefix("HEAD ")
        var lines = ["Host: martlet"] + fields + Self.noise(&random)
        var payload: [UInt8] = []
        var waits = false
        if let body {
            if random.oneIn(2) {
                lines.append(Self.field("Content-Length", "\(body.count)", &random))
                payload = body
            } else {
                lines.append(Self.field("Transfer-Encoding", random.oneIn(3) ? "Chunked" : "chunked", &random))
                payload = Self.chunks(body, &random)
            }
            if random.oneIn(8) {
                lines.append("Expect: 100-continue")
                waits = true
            }
        }
        expectsContinue = waits
        lines.shuffle(using: &random)
        bytes = Array("\(line) HTTP/1.1\r\n\(lines.joined(separator: "\r\n"))\r\n\r\n".utf8) + payload
    }

    private static func question(_ random: inout SplitMix64) -> (line: String, fields: [String], body: [UInt8]?) {
        let method = random.oneIn(4) ? "HEAD" : "GET"
        let values = ["", "1", "a%20b", "a+b", "%C3%A4", "x%26y", "=", "a=b"]
        let queries = (0..<random.below(5)).map { _ in
            "\(["a", "b", "A", "%61", ""][random.below(5)])=\(values[random.below(values.count)])"
        }
        let paths = ["/hello", "/fields", "/fields", "/bytes", "/nothing", "/twice", "/%68ello", "//hello"]
        let query = queries.isEmpty && random.oneIn(2) ? "" : "?" + queries.joined(separator: "&")
        let start = random.oneIn(8) ? "http://martlet" : ""
        let fields =
            random.oneIn(2) ? [field("x-NAME", ["", "one", "a b", "a\tb", "b\u{F6}se"][random.below(5)], &random)] : []
        return ("\(method) \(start)\(paths[random.below(paths.count)])\(query)", fields, nil)
    }

    private static func echo(_ random: inout SplitMix64) -> (line: String, fields: [String], body: [UInt8]?) {
        let size = [0, 1, 2, 17, 1000, 5000, 40_000][random.below(7)]
        return ("POST /echo", [], bytes(size, &random))
    }

    /// A body for a path that does not want one.
    private static func unwanted(_ random: inout SplitMix64) -> (line: String, fields: [String], body: [UInt8]?) {
        // It looks like a request, for a server that takes it for one.
        let line = "\(["GET", "DELETE", "PUT"][random.below(3)]) /hello"
        return (
            line, [],
            random.oneIn(2) ? Array("GET /fields HTTP/1.1\r\nHost: x\r\n\r\n".utf8) : bytes(random.below(300), &random)
        )
    }

    private static func form(_ random: inout SplitMix64) -> (line: String, fields: [String], body: [UInt8]?) {
        let boundary = ["b0undary", "----WebKitFormBoundary7MA4YWxk", "ab"][random.below(3)]
        var body: [UInt8] = []
        var parts = ["note", "file", "other"].filter { $0 == "file" || random.oneIn(2) }
        parts.shuffle(using: &random)
        for part in parts {
            let name = part == "file" ? "; filename=\"a.png\"" : ""
            body += Array("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(part)\"\(name)\r\n\r\n".utf8)
            body += bytes([1, 30, 3000, 60_000][random.below(part == "file" ? 4 : 2)], &random)
            // What looks like the beginning of a boundary is not one.
            if random.oneIn(3) { body += Array("\r\n--\(boundary.dropLast())\r\n-".utf8) }
            body += Array("\r\n".utf8)
        }
        body += Array("--\(boundary)--\r\n".utf8)
        return ("POST /upload", ["Content-Type: multipart/form-data; boundary=\(boundary)"], body)
    }

    private static func bytes(_ count: Int, _ random: inout SplitMix64) -> [UInt8] {
        (0..<count).map { _ in [13, 10, 45, 0, 255, UInt8(random.below(256))][random.below(6)] }
    }

    /// Fields that mean nothing here.
    private static func noise(_ random: inout SplitMix64) -> [String] {
        (0..<random.below(4)).map { index in
            field("X-Noise-\(index)", String(repeating: "~", count: [0, 1, 20, 2000][random.below(4)]), &random)
        }
    }

    /// A field line, with white space around its value as it may be.
    private static func field(_ name: String, _ value: String, _ random: inout SplitMix64) -> String {
        "\(name):\(["", " ", "\t ", "  "][random.below(4)])\(value)\(["", "", " ", " \t"][random.below(4)])"
    }

    /// A body in chunks of any size, with extensions and trailers as they may be.
    private static func chunks(_ body: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var coded: [UInt8] = []
        var rest = body[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(1 + random.below([1, 16, 8192][random.below(3)] + body.count / 40))
            rest = rest.dropFirst(chunk.count)
            let digits = String(chunk.count, radix: 16, uppercase: random.oneIn(2))
            let extensions = ["", "", "", ";a", ";a=b", ";a=\"b;c\";d"]
            coded += Array(
                "\(random.oneIn(4) ? "00" : "")\(digits)\(extensions[random.below(extensions.count)])\r\n".utf8)
            coded += chunk + Array("\r\n".utf8)
        }
        let trailers = ["", "", "X-Sum: 1\r\n", "X-Sum: 1\r\nX-More: \r\n"]
        return coded + Array("0\r\n\(trailers[random.below(trailers.count)])\r\n".utf8)
    }
}
