import Testing

@testable import JSON

/// Which texts are taken, and how the others are refused.
@Suite struct JSONReadingTests {
    private static let sound: [String] = [
        "{}", " \t\r\n{ } \n", "\u{FEFF}{}", #"{"": ""}"#, #"{"a": [], "b": {}, "c": [[], {}]}"#,
        #"{"a": true, "b": false, "c": null}"#, #"{"a": -0, "b": -0.0e-5, "c": 1E+5, "d": 1e-400}"#,
        #"{"a": 9223372036854775807, "b": -9223372036854775808}"#, #"{"a": {"x": 1}, "b": {"x": 1}}"#,
        #"{"a": "\u0000\ud83d\udc26\uffff\/\b"}"#, "{\"a\": \"\u{7F}é🐦\"}",
        #"{"a": "# + String(repeating: "[", count: 2000) + String(repeating: "]", count: 2000) + "}",
    ]

    @Test(arguments: sound) func `Sound objects are taken`(text: String) throws {
        _ = try JSONObject(text)
    }

    private static let malformed: [String] = [
        "", " ", "\u{FEFF}", "\u{FEFF}\u{FEFF}{}", "{", "}", "nonsense", "{} {}", "{},", "{}x", "{a: 1}", "{'a': 1}",
        #"{"a"}"#, #"{"a" 1}"#, #"{"a": }"#, #"{"a": 1,}"#, #"{"a": [1,]}"#, #"{"a": [,1]}"#, #"{,"a": 1}"#,
        #"{"a": 01}"#, #"{"a": +1}"#, #"{"a": .5}"#, #"{"a": 1.}"#, #"{"a": -}"#, #"{"a": 1e}"#, #"{"a": 0x1}"#,
        #"{"a": NaN}"#, #"{"a": Infinity}"#, #"{"a": True}"#, #"{"a": tru}"#, #"{"a": nulll}"#,
        #"{"a": "\x41"}"#, #"{"a": "\u12g4"}"#, #"{"a": "\u12"}"#, #"{"a": "x}"#, "{\"a\": \"x\ny\"}",
        "{\"a\": \"\t\"}", "{} // comment", "/* comment */ {}", "{\u{A0}}", "{\u{B}}",
        #"{"a": "\ud800"}"#, #"{"a": "\udc00"}"#, #"{"a": "\ud800\u0041"}"#, #"{"\ud800": 1}"#,
        "\0", "{}\0", "{\"a\": 1\0}", "{\"a\": true\0}", "{\"a\": \"x\0\"}",
    ]

    @Test(arguments: malformed) func `What is not JSON is refused as such`(text: String) {
        #expect(problem(Array(text.utf8))?.kind == .malformed)
    }

    @Test(
        arguments: [
            [0xFF], [0x80], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF5, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func `Bytes that are not UTF-8 are not JSON`(bytes: [UInt8]) {
        #expect(problem(Array(#"{"a": ""#.utf8) + bytes + Array(#""}"#.utf8))?.kind == .malformed)
        #expect(problem(bytes + Array("{}".utf8))?.kind == .malformed)
    }

    @Test(arguments: [
        #"{"a": 1, "a": 1}"#, #"{"a": 1, "\u0061": 2}"#, #"{"x": [{"a": 1, "a": 2}]}"#, #"{"a\u0000b": 1}"#,
        #"{"a": 9223372036854775808}"#, #"{"a": -9223372036854775809}"#, #"{"a": 1e400}"#, "1e400",
    ]) func `What readers disagree about is refused as such`(text: String) {
        #expect(problem(Array(text.utf8))?.kind == .unsupported)
    }

    @Test(arguments: ["[]", "[{}]", "1", "-1.5", #""x""#, "true", "null", " null "])
    func `Another value than an object is refused as such`(text: String) {
        #expect(problem(Array(text.utf8))?.kind == .noObject)
    }

    @Test(arguments: [("[", "]"), (#"{"a":"#, "}"), (#"[{"a":"#, "}]")])
    func `Nesting without end is refused`(open: String, close: String) {
        for depth in [20_000, 1_000_000] {
            let deep = String(repeating: open, count: depth)
            #expect(problem(Array(deep.utf8))?.kind == .malformed)
            #expect(problem(Array((deep + "1" + String(repeating: close, count: depth)).utf8))?.kind == .malformed)
        }
    }

    @Test func `A message says what and where`() {
        #expect(
            problem(Array("{\"é\": 1,}".utf8))?.description
                == "no JSON: string or '}' expected near '}' at byte 10")
        #expect(problem(Array("\u{FEFF}{\"a\": x}".utf8))?.description == "no JSON: invalid token near 'x' at byte 10")
        #expect(
            problem(Array(#"{"a": 1, "a": 2}"#.utf8))?.description
                == "JSON that cannot be taken: duplicate object key near '\"a\"' at byte 12")
        #expect(problem(Array("[]".utf8))?.description == "no JSON object")
    }

    private func problem(_ bytes: [UInt8]) -> JSONError? {
        do throws(JSONError) {
            _ = try JSONObject(parsing: bytes)
            return nil
        } catch {
            return error
        }
    }
}

extension JSONObject {
    init(_ text: String) throws(JSONError) {
        try self.init(parsing: Array(text.utf8))
    }
}
