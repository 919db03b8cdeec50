import Testing

@testable import JSON

/// What members are read as, and how wrong ones are named.
@Suite struct JSONMemberTests {
    @Test func `Texts come as they stand for whatever their escapes`() throws {
        let object = try JSONObject(#"{"a": "\u0041\u00e9\ud83d\udc26\n\/\"\\", "\u0062": "x\u0000y", "c": ""}"#)
        #expect(try object.requiredString("a") == "Aé🐦\n/\"\\")
        #expect(try object.string("b") == "x\0y")
        #expect(try object.requiredString("c") == "")
        #expect(try object.string("d") == nil)
    }

    @Test func `Null is as good as absent unless the member is needed`() throws {
        let object = try JSONObject(#"{"a": null}"#)
        #expect(try object.string("a") == nil)
        #expect(try object.strings("a") == [])
        #expect(try object.integer("a", in: 1...9) == nil)
        #expect(try object.integers("a", in: 1...9) == [])
        #expect(
            problem { () throws(JSONFieldError) in _ = try object.requiredString("a") }
                == .wrongType(expected: "a string"))
        #expect(problem { () throws(JSONFieldError) in _ = try object.requiredString("b") } == .missing)
    }

    @Test func `Numbers need not be whole and objects have members of their own`() throws {
        let object = try JSONObject(#"{"a": 7, "b": -0.25, "c": null, "d": "7", "e": {"f": {"g": 1}}, "h": [{}]}"#)
        #expect(try object.number("a") == 7)
        #expect(try object.number("b") == -0.25)
        #expect(try object.number("c") == nil)
        #expect(problem { () throws(JSONFieldError) in _ = try object.number("d") } == .wrongType(expected: "a number"))
        let inner = try object.object("e")?.object("f")?.number("g")
        #expect(inner == 1)
        let hasNone = try object.object("c") == nil
        #expect(hasNone)
        for name: StaticString in ["d", "h"] {
            #expect(
                problem { () throws(JSONFieldError) in _ = try object.object(name) }
                    == .wrongType(expected: "an object"))
        }
    }

    @Test func `Whole numbers may be written with point or exponent`() throws {
        let object = try JSONObject(#"{"a": [7, 7.0, 70e-1, 0.7E1, -0, 9007199254740991]}"#)
        #expect(try object.integers("a", in: 0...9_007_199_254_740_991) == [7, 7, 7, 7, 0, 9_007_199_254_740_991])
        let ends = try JSONObject(#"{"a": -9223372036854775808, "b": 9223372036854775807}"#)
        #expect(try ends.integer("a", in: .min ... .max) == .min)
        #expect(try ends.integer("b", in: .min ... .max) == .max)
    }

    @Test(arguments: ["1.5", "1e300", "-1e300", "9223372036854775808.0", #""1""#, "true", "false", "[]", "{}"])
    func `What is not a whole number has a wrong type`(value: String) throws {
        let object = try JSONObject(#"{"a": \#(value), "b": [1, \#(value)]}"#)
        #expect(
            problem { () throws(JSONFieldError) in _ = try object.integer("a", in: .min ... .max) }
                == .wrongType(expected: "a whole number"))
        #expect(
            problem { () throws(JSONFieldError) in _ = try object.integers("b", in: .min ... .max) }
                == .wrongType(expected: "a list of whole numbers"))
    }

    @Test func `A number outside of its range is named with it`() throws {
        let object = try JSONObject(#"{"a": 0, "b": [1, 10]}"#)
        let below = #expect(throws: JSONFieldError.self) { try object.integer("a", in: 1...9) }
        #expect(below?.problem == .outOfRange(0, allowed: 1...9))
        #expect(below?.description == "the field \"a\" has 0, allowed are 1 to 9")
        #expect(
            problem { () throws(JSONFieldError) in _ = try object.integers("b", in: 1...9) }
                == .outOfRange(10, allowed: 1...9))
    }

    @Test func `Null in a list is not an element`() throws {
        let object = try JSONObject(#"{"a": [null]}"#)
        #expect(throws: JSONFieldError.self) { try object.integers("a", in: 1...9) }
        #expect(throws: JSONFieldError.self) { try object.strings("a") }
    }

    @Test(arguments: ["1", "1.5", "true", "[]", "{}", #"["x"]"#]) func `What is not a text has a wrong type`(
        value: String
    ) throws {
        let object = try JSONObject(#"{"a": \#(value)}"#)
        let error = #expect(throws: JSONFieldError.self) { try object.string("a") }
        #expect(error?.description == "the field \"a\" must be a string")
        #expect(throws: JSONFieldError.self) { try object.requiredString("a") }
    }

    @Test func `Lists of texts hold nothing else`() throws {
        let object = try JSONObject(#"{"a": ["x", "", "é"], "b": ["x", 1], "c": "x", "d": {}}"#)
        #expect(try object.strings("a") == ["x", "", "é"])
        let error = #expect(throws: JSONFieldError.self) { try object.strings("b") }
        #expect(error?.description == "the field \"b\" must be a list of strings")
        #expect(throws: JSONFieldError.self) { try object.strings("c") }
        #expect(throws: JSONFieldError.self) { try object.strings("d") }
    }

    @Test func `Null is refused where only an absent member means that there is none`() throws {
        let object = try JSONObject(#"{"a": null, "b": 1, "c": "x"}"#)
        for name: StaticString in ["a", "b"] {
            #expect(
                problem { () throws(JSONFieldError) in _ = try object.stringUnlessAbsent(name) }
                    == .wrongType(expected: "a string"))
        }
        #expect(try object.stringUnlessAbsent("c") == "x")
        #expect(try object.stringUnlessAbsent("d") == nil)
    }

    private func problem(_ body: () throws(JSONFieldError) -> Void) -> JSONFieldError.Problem? {
        do throws(JSONFieldError) {
            try body()
            return nil
        } catch {
            return error.problem
        }
    }
}
