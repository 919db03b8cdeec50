import Bytes
import Testing

@Suite struct BytesTests {
    @Test func `Decimal digits are those of Swift's own`() {
        var numbers: [UInt64] = [0, 1, 9, 10, 99, 100, 12_345, .max, .max - 1]
        var power: UInt64 = 1
        for _ in 0..<19 {
            power *= 10
            numbers += [power - 1, power, power + 1]
        }
        for number in numbers {
            var text: [UInt8] = []
            text.append(decimal: number)
            #expect(text == Array("\(number)".utf8))
            #expect(Decimal.number(text) == number)
        }
    }

    @Test(arguments: ["", "-1", "+1", " 1", "1 ", "1a", "18446744073709551616", "99999999999999999999", "١"])
    func `What is not a number in digits is refused`(text: String) {
        #expect(Decimal.number(Array(text.utf8)) == nil)
        #expect(Decimal.id(Array(text.utf8)) == nil)
    }

    @Test func `An id has no leading zero and is not zero`() {
        #expect(Decimal.id(Array("0".utf8)) == nil)
        #expect(Decimal.id(Array("07".utf8)) == nil)
        #expect(Decimal.id(Array("70".utf8)) == 70)
    }

    @Test func `Hexadecimal is read back, in lower case only`() {
        let bytes = Array(UInt8.min...UInt8.max)
        let text = Hexadecimal.text(bytes)
        #expect(text.hasPrefix("000102") && text.hasSuffix("fdfeff"))
        #expect(Hexadecimal.bytes(Array(text.utf8)) == bytes)
        for wrong in ["0", "0g", "AB", "0x"] { #expect(Hexadecimal.bytes(Array(wrong.utf8)) == nil) }
    }

    @Test(arguments: [
        ("", #""""#), ("plain text of many words", #""plain text of many words""#),
        ("a\"b\\c", #""a\"b\\c""#), ("line\nend", #""line\nend""#), ("ünï 😀", #""ünï 😀""#),
        ("\u{1}\u{1f} behind", #""\u0001\u001f behind""#),
    ])
    func `JSON strings escape what JSON demands`(text: String, expected: String) {
        for controls in [JSONString.Controls.named, .numbered] { #expect(json(text, controls) == expected) }
    }

    @Test func `Tab and carriage return have a form for exports and one for answers`() {
        #expect(json("\t\r", .named) == #""\t\r""#)
        #expect(json("\t\r", .numbered) == #""\u0009\u000d""#)
    }

    @Test func `Every byte that needs escaping is found at every place of a word`() {
        for place in 0..<16 {
            for byte in (UInt8.min..<0x20) + [UInt8(ascii: "\""), UInt8(ascii: "\\")] {
                var text = [UInt8](repeating: UInt8(ascii: "x"), count: 16)
                text[place] = byte
                let written = json(String(decoding: text, as: UTF8.self), .named)
                #expect(written.utf8.count > 18 && !written.utf8.contains { $0 < 0x20 })
            }
        }
    }

    @Test func `A reader never goes past the end`() {
        [UInt8]([0, 1, 2, 3, 4]).withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            #expect(reader.next(UInt16.self) == 1)
            #expect(reader.next(UInt32.self) == nil)
            #expect(reader.next(count: 4) == nil)
            #expect(reader.next(count: -1) == nil)
            #expect(reader.next(count: 3).map(Array.init) == [2, 3, 4])
            #expect(reader.rest.isEmpty)
        }
    }

    private func json(_ text: String, _ controls: JSONString.Controls) -> String {
        text.withUTF8Bytes { utf8 in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: JSONString.room(for: utf8.count)) { room in
                let count = JSONString.write(utf8, controls, to: room.baseAddress!)
                return String(decoding: room[..<count], as: UTF8.self)
            }
        }
    }
}
