import JSON
import Testing

@Suite struct JSONWritingTests {
    @Test func `Members stand on one line in the order in which they were added`() {
        var inner = JSONObject()
        inner.add("z", "last letter")
        inner.add("a", UInt8(1))
        var object = JSONObject()
        object.add("id", UInt64(1 << 53))
        object.add("inner", inner)
        object.add("empty", JSONObject())
        object.add("below", -1)
        #expect(
            String(decoding: object.line, as: UTF8.self)
                == #"{"id":9007199254740992,"inner":{"z":"last letter","a":1},"empty":{},"below":-1}"# + "\n")
    }

    @Test func `Whatever is written is read again`() throws {
        var text = String(String.UnicodeScalarView((0...0x2100).compactMap { Unicode.Scalar($0 as UInt32) }))
        text += "\u{FFFF}\u{10FFFF}🐦 \"</script>\\"
        var object = JSONObject()
        object.add("text", text)
        object.add("ä \" \n", "")
        let line = object.line
        #expect(line.firstIndex(of: UInt8(ascii: "\n")) == line.count - 1)
        let again = try JSONObject(parsing: line)
        #expect(try again.string("text") == text)
        #expect(try again.string("ä \" \n") == "")
    }

    @Test func `A name added again has the latest value`() {
        var object = JSONObject()
        object.add("a", "x")
        object.add("a", 2)
        #expect(object.line == Array("{\"a\":2}\n".utf8))
    }
}
