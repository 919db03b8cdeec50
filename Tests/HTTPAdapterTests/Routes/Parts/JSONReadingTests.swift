import ContractChecks
import Testing

@testable import HTTPAdapter

@Suite struct JSONReadingTests {
    private func status(_ body: [UInt8]) -> Int {
        do throws(APIError) {
            _ = try JSONObject(body)
            return 200
        } catch {
            return error.status
        }
    }

    @Test func `damaged texts are taken exactly when a strict parser takes them`() {
        let sound = Array(
            #"{"a": [1, -2.5e+3, "x\u00e9\n", true, null, {"b": {}, "c": []}], "d": false, "e": "🐦\ud83d\udc26"}"#.utf8)
        let pieces = Array(#"{}[],:"\/u0e-+.tfnE 19"#.utf8) + [0x0A, 0x00, 0x1F, 0x7F, 0x80, 0xC3, 0xFF]
        var random = Seeded(state: 2)
        var taken = 0
        for _ in 0..<6000 {
            var body = sound
            for _ in 0...Int.random(in: 0..<3, using: &random) where !body.isEmpty {
                let place = Int.random(in: 0..<body.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: body[place] = pieces.randomElement(using: &random)!
                case 1: body.remove(at: place)
                case 2: body.insert(pieces.randomElement(using: &random)!, at: place)
                default: body.swapAt(place, Int.random(in: 0..<body.count, using: &random))
                }
            }
            let value = Answer(status: 0, headers: [], body: body).json
            let found = status(body)
            if value != nil {
                taken += 1
                #expect(found != 400, "\(String(decoding: body, as: UTF8.self))")
            } else if found == 200 {
                // Only these are left to the fields that are asked for.
                let text = String(decoding: body, as: UTF8.self)
                #expect(text.contains("\\u") || Set(text.matches(of: /"[a-e]" *:/).map(\.output)).count < 5, "\(text)")
            }
        }
        #expect(taken > 100)
    }

    @Test func `fields are read by type, and what is wrong with one is said`() throws {
        let object = try JSONObject(
            Array(
                #"{"s": "é\n", "n": null, "i": 7, "f": 7.0, "e": 7e0, "l": [1, 2], "z": [], "t": true, "q": "\ud800"}"#
                    .utf8))
        #expect(try object.string("s") == "é\n")
        #expect(try object.string("n") == nil)
        #expect(try object.string("absent") == nil)
        #expect(try object.id("i") == 7)
        #expect(try object.id("f") == 7)
        #expect(try object.id("e") == 7)
        #expect(try object.ids("l") == [1, 2])
        #expect(try object.ids("z") == [])
        #expect(try object.ids("n") == [])
        for wrong in ["i", "l", "t", "q", "f"] {
            #expect(throws: APIError.self) { try object.string(wrong) }
        }
        for wrong in ["s", "l", "t"] {
            #expect(throws: APIError.self) { try object.id(wrong) }
            if wrong != "l" { #expect(throws: APIError.self) { try object.ids(wrong) } }
        }
        for missing in ["n", "absent"] { #expect(throws: APIError.self) { try object.requiredString(missing) } }
    }

    @Test func `a hundred levels are read, one more is refused`() {
        func nested(_ count: Int) -> [UInt8] {
            Array(("{\"a\":" + String(repeating: "[", count: count) + String(repeating: "]", count: count) + "}").utf8)
        }
        #expect(status(nested(99)) == 200)
        #expect(status(nested(100)) == 400)
        #expect(status(nested(1_000_000)) == 400)
    }
}
