import TestSupport

@testable import HTTPServer

/// Makes legal forms at random, in all the ways to write them that the grammar has.
struct FormGenerator {
    let contentType: String
    private(set) var body: [UInt8] = []
    private(set) var parts: [FormContents.Part] = []

    private let boundary: String
    private var random: SplitMix64

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        let characters = Array("abcXYZ0189'()+_,-./:=? ")
        var boundary = ""
        for _ in 0..<Int.random(in: 0..<(Bool.random(using: &random) ? 3 : 70), using: &random) {
            boundary.append(characters.randomElement(using: &random)!)
        }
        boundary.append(characters.dropLast().randomElement(using: &random)!)
        self.boundary = boundary
        let name = ["boundary", "Boundary", "BOUNDARY"].randomElement(using: &random)!
        let before = ["", " charset=utf-8;", ";", "\t"].randomElement(using: &random)!
        let after = ["", "; x=\"y;z\"", " ;", " "].randomElement(using: &random)!
        contentType = "multipart/form-data;\(before)\(name)=\"\(boundary)\"\(after)"
        build()
    }

    private mutating func build() {
        if Bool.random(using: &random) {
            let preamble = text(upTo: 60)
            // It must not look like the boundary itself, nor end with a line end that the boundary then needs.
            body += preamble + [0x0D, 0x0A]
        }
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            add(["", "title", "file", "a\"b", "a;name=x", "größe", "100%", "\\"].randomElement(using: &random)!)
        }
        body += Array("--\(boundary)--".utf8)
        body += [[], [0x0D, 0x0A], Array("\r\n--\(boundary)\r\nno part".utf8), Array(" \t".utf8)]
            .randomElement(using: &random)!
    }

    private mutating func add(_ name: String) {
        let fileName = [nil, "", "a.png", "a \"b\".png", "x;y=z", "naïve.png"].randomElement(using: &random)!
        var parameters = ["\(cased("name"))=\(written(name))"]
        if let fileName {
            if Bool.random(using: &random) {
                parameters.append("\(cased("filename*"))=UTF-8''\(percentEncoded(fileName))")
                if Bool.random(using: &random) { parameters.append("\(cased("filename"))=other") }
            } else {
                parameters.append("\(cased("filename"))=\(written(fileName))")
            }
        }
        parameters.append("size=3")
        parameters.shuffle(using: &random)
        let separator = [";", "; ", " ;\t"].randomElement(using: &random)!
        let value = (["Form-Data"] + parameters).joined(separator: separator)
        var lines = ["\(cased("content-disposition")):\(["", " ", " \t "].randomElement(using: &random)!)\(value)"]
        if Bool.random(using: &random) { lines.append("Content-Type: image/png") }
        if Bool.random(using: &random) { lines.append("\(cased("content-transfer-encoding")): Binary") }
        lines.shuffle(using: &random)
        let content = text(upTo: 300)
        let padding = ["", " ", "\t \t"].randomElement(using: &random)!
        body += Array("--\(boundary)\(padding)\r\n\(lines.joined(separator: "\r\n"))\r\n\r\n".utf8)
        body += content + [0x0D, 0x0A]
        parts.append(.init(name: name, fileName: fileName, content: content, isWhole: true))
    }

    /// Bytes without the boundary in them, but with much that begins like it.
    private mutating func text(upTo limit: Int) -> [UInt8] {
        let delimiter = Array("\r\n--\(boundary)".utf8)
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 0...10, using: &random) where bytes.count < limit {
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes.append(UInt8.random(in: 0...255, using: &random))
            case 1: bytes += [0x0D, 0x0A]
            default: bytes += delimiter.prefix(Int.random(in: 0..<delimiter.count, using: &random))
            }
        }
        // What stands here is a line of its own: a line end comes before it, and the delimiter after it.
        let whole = [0x0D, 0x0A] + bytes + delimiter.dropLast()
        for start in 0...(whole.count - delimiter.count) where whole[start...].starts(with: delimiter) { return [] }
        return bytes
    }

    private mutating func cased(_ name: String) -> String {
        [name, name.uppercased()].randomElement(using: &random)!
    }

    private mutating func written(_ value: String) -> String {
        let isToken = !value.isEmpty && value.utf8.allSatisfy(ParameterizedValue.isTokenCharacter)
        if isToken && Bool.random(using: &random) { return value }
        let quote = ["\\\"", "%22"].randomElement(using: &random)!
        return "\"\(value.replacing("\\", with: "\\\\").replacing("\"", with: quote))\""
    }

    private func percentEncoded(_ value: String) -> String {
        value.utf8.map {
            "%\($0 < 16 ? "0" : "")\(String($0, radix: 16))"
        }.joined()
    }
}
