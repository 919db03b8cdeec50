import TestSupport
import Testing

@testable import HTTPServer

struct RandomFormTests {
    @Test func `What was put into a form comes out, wherever it is cut`() throws {
        for seed in 0..<400 as Range<UInt64> {
            let form = FormGenerator(seed: seed)
            let boundary = try FormBoundary(form.contentType)
            let expected = FormContents(parts: form.parts)
            var random = SplitMix64(seed: seed)
            #expect(FormContents(boundary, form.body) == expected, "form \(seed)")
            for _ in 0..<20 {
                let cuts = (0..<Int.random(in: 1...20, using: &random)).map { _ in
                    Int.random(in: 0...form.body.count, using: &random)
                }.sorted()
                guard FormContents(boundary, form.body, cuts: cuts) == expected else {
                    Issue.record("form \(seed), cut at \(cuts)")
                    return
                }
            }
        }
    }

    @Test func `Forms with changed bytes are read alike wherever they are cut`() throws {
        for seed in 0..<400 as Range<UInt64> {
            let form = FormGenerator(seed: seed)
            let boundary = try FormBoundary(form.contentType)
            var random = SplitMix64(seed: seed)
            var body = form.body
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                body[Int.random(in: 0..<body.count, using: &random)] = [0, 0x0A, 0x0D, 0x2D, 0x22, 0x3B, 0x20, 0x58]
                    .randomElement(using: &random)!
            }
            let whole = FormContents(boundary, body)
            #expect(FormContents(boundary, body, cuts: 0..<body.count) == whole, "form \(seed)")
            let cut = Int.random(in: 0...body.count, using: &random)
            #expect(FormContents(boundary, body, cuts: [cut]) == whole, "form \(seed) cut at \(cut)")
        }
    }

    @Test func `The fuzzer's function takes anything`() {
        let pieces = [
            "\r\n--X", "--X\r\n", "--X--", "Content-Disposition: form-data; name=", "\"", "\r", "\n", "\r\n\r\n",
        ]
        for seed in 0..<3000 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            var input = (0..<8).map { _ in UInt8.random(in: 0...40, using: &random) }
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                input += pieces.randomElement(using: &random)!.utf8
                if Bool.random(using: &random) { input.append(UInt8.random(in: 0...255, using: &random)) }
            }
            input.withUnsafeBytes { fuzzForm($0) }
        }
    }
}
