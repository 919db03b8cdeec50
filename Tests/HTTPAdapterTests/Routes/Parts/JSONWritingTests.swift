import ContractChecks
import Foundation
import HTTPServer
import TestSupport
import Testing

@testable import HTTPAdapter

@Suite struct JSONWritingTests {
    private func written(_ text: String) -> [UInt8] {
        var buffer = ResponseBuffer()
        buffer.append("[")
        buffer.append(jsonString: text)
        buffer.append("]")
        return Array(buffer.bytes)
    }

    @Test func `every character comes back, at every place in a word of eight bytes`() throws {
        var scalars = (0..<0x180).compactMap { Unicode.Scalar($0 as UInt32) }
        scalars += ["\u{2028}", "\u{2029}", "\u{FFFF}", "\u{FEFF}", "\u{1F426}", "\u{10FFFF}"]
        for scalar in scalars {
            for place in 0..<17 {
                let text =
                    String(repeating: "a", count: place) + String(scalar) + String(repeating: "b", count: 16 - place)
                let bytes = written(text)
                #expect(Answer(status: 200, headers: [], body: bytes).json == .array([.string(text)]))
            }
        }
    }

    @Test func `random texts are what Foundation reads from them`() throws {
        var random = SplitMix64(seed: 1)
        let pool = Array("\"\\\n\u{0}\u{1F}\u{20}/aZ~\u{7F}é€𝄞🐦\u{2028}".unicodeScalars)
        for _ in 0..<5000 {
            var text = ""
            for _ in 0..<Int.random(in: 0..<40, using: &random) {
                text.unicodeScalars.append(pool.randomElement(using: &random)!)
            }
            let bytes = written(text)
            let read = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String]
            #expect(read.map { $0.map { Array($0.utf8) } } == [Array(text.utf8)])
            #expect(Answer(status: 200, headers: [], body: bytes).json == .array([.string(text)]))
        }
    }

    @Test func `times are RFC 3339 with milliseconds`() {
        func text(_ milliseconds: Int64) -> String {
            var buffer = ResponseBuffer()
            buffer.append(jsonTime: milliseconds)
            return String(decoding: buffer.bytes, as: UTF8.self)
        }
        #expect(text(0) == "\"1970-01-01T00:00:00.000Z\"")
        #expect(text(1_341_389_730_007) == "\"2012-07-04T08:15:30.007Z\"")
        #expect(text(1_709_164_800_999) == "\"2024-02-29T00:00:00.999Z\"")
    }
}
