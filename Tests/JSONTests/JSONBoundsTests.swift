import ContractChecks
import TestSupport
import Testing

@testable import JSON

@Suite struct JSONBoundsTests {
    private static let counted: [(text: String, values: Int, depth: Int)] = [
        ("{}", 1, 1), ("[]", 1, 1), (" 1 ", 1, 0), ("\"[{,\\\"]\"", 1, 0), ("{\"a\": 1}", 2, 1),
        ("{\"a\":\"b\"}", 2, 1),
        ("[true,false,null,-1.5e+3]", 5, 1), ("[[],[[]],{}]", 5, 3), ("{\"a\":{\"b\":[1,\"c:,\\\\\"]}}", 5, 3),
        ("\u{FEFF}{}", 1, 1), ("{\"a:b\" : \"x\" ,\n\"c\"\t:[ ] }", 3, 2),
    ]

    @Test(arguments: counted) func `Exactly the values of a text count, and its depth`(
        text: String, values: Int, depth: Int
    ) {
        #expect(kind(text, JSONBounds(values: values, depth: depth)) != .tooManyValues)
        #expect(kind(text, JSONBounds(values: values, depth: depth)) != .malformed)
        #expect(kind(text, JSONBounds(values: values - 1, depth: depth)) == .tooManyValues)
        if depth > 0 { #expect(kind(text, JSONBounds(values: values, depth: depth - 1)) == .malformed) }
    }

    @Test func `A random text is taken exactly when it holds no more than the bounds`() {
        var random = SplitMix64(seed: 11)
        for _ in 0..<500 {
            var (values, depth) = (0, 0)
            let text = Self.object(&random, level: 1, &values, &depth)
            #expect(kind(text, JSONBounds(values: values, depth: depth)) == nil, "\(text)")
            #expect(kind(text, JSONBounds(values: values - 1, depth: depth)) == .tooManyValues, "\(text)")
            #expect(kind(text, JSONBounds(values: values, depth: depth - 1)) == .malformed, "\(text)")
        }
    }

    @Test(arguments: [
        "{", "[", "\"", "{\"a", "\"\\", "", "}", "]]]", ":", "\u{FEFF}", "{\"a\":1\"", "\"\\\"", "{\"\\\\\\",
    ])
    func `A text that breaks off is refused as before`(text: String) {
        #expect(kind(text, JSONBounds(values: 10, depth: 10)) == .malformed)
    }

    @Test func `Damaged texts never get past the end`() {
        var random = SplitMix64(seed: 12)
        let pieces = Array("{}[],:\"\\ 1ntf\u{FEFF}".utf8)
        for _ in 0..<5000 {
            let text = (0..<Int.random(in: 0..<30, using: &random)).map { _ in pieces.randomElement(using: &random)! }
            let bounds = JSONBounds(values: 5, depth: 3)
            let object = try? JSONObject(parsing: text, within: bounds)
            if object != nil { #expect(Answer(status: 0, headers: [], body: text).json != nil) }
        }
    }

    @Test func `The message names the bound`() {
        #expect(
            problem("{\"a\":[1,2,3]}", JSONBounds(values: 4, depth: 9))?.description
                == "too large: more than 4 values by byte 10")
        #expect(
            problem("{\"a\":[[[]]]}", JSONBounds(values: 9, depth: 3))?.description
                == "no JSON: more than 3 levels of nesting at byte 7")
    }

    private static func object(
        _ random: inout SplitMix64, level: Int, _ values: inout Int, _ depth: inout Int
    ) -> String {
        values += 1
        depth = max(depth, level)
        let members = (0..<Int.random(in: 0..<4, using: &random)).map { index in
            "\"\(index),[\" :\(value(&random, level: level + 1, &values, &depth))"
        }
        return "{" + members.joined(separator: " ,") + "}"
    }

    private static func value(_ random: inout SplitMix64, level: Int, _ values: inout Int, _ depth: inout Int) -> String
    {
        switch Int.random(in: 0..<(level > 5 ? 4 : 6), using: &random) {
        case 0:
            values += 1
            return "-12.5e3"
        case 1:
            values += 1
            return "\"x\\\"{[:,\\\\\""
        case 2:
            values += 1
            return "null"
        case 3:
            values += 1
            return " true\n"
        case 4: return object(&random, level: level, &values, &depth)
        default:
            values += 1
            depth = max(depth, level)
            let elements = (0..<Int.random(in: 0..<4, using: &random)).map { _ in
                value(&random, level: level + 1, &values, &depth)
            }
            return "[" + elements.joined(separator: ",") + "]"
        }
    }

    private func kind(_ text: String, _ bounds: JSONBounds) -> JSONError.Kind? { problem(text, bounds)?.kind }

    private func problem(_ text: String, _ bounds: JSONBounds) -> JSONError? {
        do throws(JSONError) {
            _ = try JSONObject(parsing: Array(text.utf8), within: bounds)
            return nil
        } catch {
            return error
        }
    }
}
