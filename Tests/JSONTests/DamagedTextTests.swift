import ContractChecks
import JSON
import TestSupport
import Testing

/// Jansson against a plain parser of the tests.
@Suite struct DamagedTextTests {
    @Test func `Damaged texts are taken exactly when a strict parser takes them`() {
        let sound = Array(
            #"{"a": [1, -2.5e+3, "x\u00e9\n", true, null, {"b": {}, "c": []}], "d": false, "e": "🐦\ud83d\udc26"}"#.utf8)
        let pieces = Array(#"{}[],:"\/u0e-+.tfnE 19"#.utf8) + [0x0A, 0x00, 0x1F, 0x7F, 0x80, 0xC3, 0xFF]
        var random = SplitMix64(seed: 2)
        var taken = 0
        for _ in 0..<6000 {
            var text = sound
            for _ in 0...Int.random(in: 0..<3, using: &random) where !text.isEmpty {
                let place = Int.random(in: 0..<text.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: text[place] = pieces.randomElement(using: &random)!
                case 1: text.remove(at: place)
                case 2: text.insert(pieces.randomElement(using: &random)!, at: place)
                default: text.swapAt(place, Int.random(in: 0..<text.count, using: &random))
                }
            }
            let isSound = Answer(status: 0, headers: [], body: text).json != nil
            let written = String(decoding: text, as: UTF8.self)
            do throws(JSONError) {
                _ = try JSONObject(parsing: text)
                taken += 1
                #expect(isSound, "\(written)")
            } catch {
                // The parser takes numbers of any size, and other values than objects.
                #expect(!isSound || error.kind != .malformed, "\(written): \(error)")
            }
        }
        #expect(taken > 100)
    }
}
