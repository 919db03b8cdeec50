import Application
import ContractChecks
import Microblog
import TestSupport
import Testing

@testable import HTTPAdapter

/// JSON bodies as clients may send them, sound and unsound, over a real connection.
@Suite struct BodyTextTests {
    @Test(arguments: Transport.allCases) func `Every way to write a text is understood`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let texts = [
                (#""\u0041\u00e9\u4E2D""#, "Aé中"), (#""\ud83d\udc26""#, "🐦"), (#""\uD834\uDD1E""#, "𝄞"),
                (#""\b\f\n\r\t\/\\\"""#, "\u{8}\u{C}\n\r\t/\\\""), (#""a\u0000b""#, "a\0b"),
                (#""\u2028\uFEFF""#, "\u{2028}\u{FEFF}"), ("\"\u{7F}\u{80}\"", "\u{7F}\u{80}"),
                (#""\\u0041""#, "\\u0041"),
                (#""\uffff\ufffe""#, "\u{FFFF}\u{FFFE}"),
            ]
            for (written, text) in texts {
                let body = " \t\r\n{ \"tweet_data\" :\n\(written) , \"tweet_media_ids\" : [ ] }\n "
                let answer = try ann.post("/api/tweets", body)
                #expect(answer.status == 201, "\(written)")
                let id = try #require(answer.json?["tweet_id"]?.integer)
                #expect(try ann.read(id)["content"] == .string(text), "\(written)")
            }
            #expect(try ann.post("/api/tweets", "\u{FEFF}{\"tweet_data\": \"x\"}").status == 201)
            #expect(try ann.post("/api/tweets", #"{"\u0074weet_data": "x"}"#).status == 201)
        }
    }

    @Test(arguments: Transport.allCases) func `Fields that nobody knows are passed over, whatever they hold`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let nested = String(repeating: "[", count: 90) + String(repeating: "]", count: 90)
            for extra in [
                "1e308", "-0.0e-5", "9223372036854775807", "null", "[[], {}, [null, {\"a\": [1]}]]", nested,
                "{\"tweet_data\": 5}",
            ] {
                let answer = try ann.post("/api/tweets", "{\"x\": \(extra), \"tweet_data\": \"x\", \"y\": \(extra)}")
                #expect(answer.status == 201, "\(extra.prefix(50))")
            }
        }
    }

    // Such texts are read differently by different readers, so they are refused also where a field is not known.
    @Test(arguments: Transport.allCases)
    func `A field given twice and a number beyond 64 bits are 422 wherever they are`(transport: Transport) async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let position = live.position
            for extra in [
                #""tweet_data": "y""#, #""tweet\u005fdata": "y""#, #""reply_to": null, "reply_to": 5"#,
                #""x": {"a": 1, "a": 2}"#, #""x": 1, "x": 1"#, #""a\u0000b": 1"#,
                #""x": 1e400"#, #""x": [-1e400]"#, #""x": 123456789012345678901234567890"#,
                #""x": 9223372036854775808"#,
            ] {
                let answer = try ann.post("/api/tweets", #"{"tweet_data": "x", \#(extra)}"#)
                #expect(answer.status == 422, "\(extra)")
                #expect(answer.errorType == "unprocessable", "\(extra)")
            }
            #expect(live.position == position)
        }
    }

    @Test(arguments: Transport.allCases) func `What does not stand for Unicode text is 400`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let position = live.position
            // RFC 8259 lets half of a surrogate pair pass as grammar, but nothing can be stored for it.
            let bodies = [
                #"{"tweet_data": "\ud800"}"#, #"{"tweet_data": "\ud800x"}"#, #"{"tweet_data": "\udc00"}"#,
                #"{"tweet_data": "\ud800\u0041"}"#, #"{"tweet_data": "\udc26\ud83d"}"#,
                #"{"tweet_data": "x", "x": "\ud800"}"#,
            ]
            for body in bodies { #expect(try ann.post("/api/tweets", body).status == 400, "\(body)") }
            for nul in [
                "{\"tweet_data\": \"a\0b\"}", "{\"tweet_data\": \"x\"}\0", "{\"tweet_data\": \"x\", \"x\": 1\0}",
            ] {
                #expect(try ann.post("/api/tweets", nul).status == 400)
            }
            for bytes in [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC3], [0x80]]
                as [[UInt8]]
            {
                let body = Array("{\"tweet_data\": \"x".utf8) + bytes + Array("\"}".utf8)
                #expect(try ann.call("POST", "/api/tweets", body: body).status == 400, "\(bytes)")
            }
            let utf16 = "{\"tweet_data\": \"x\"}".utf16.flatMap { unit -> [UInt8] in
                [UInt8(truncatingIfNeeded: unit), 0]
            }
            #expect(try ann.call("POST", "/api/tweets", body: utf16).status == 400)
            #expect(live.position == position)
        }
    }

    @Test(arguments: Transport.allCases)
    func `A body that is nested a hundred thousand deep is 400, and the server goes on`(transport: Transport)
        async throws
    {
        try await LiveServer.with { $0.whole.limits = Limits(textLength: 100_000) }.run(transport) { live in
            let ann = try await live.register("ann")
            for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
                let deep = String(repeating: open, count: 100_000)
                for body in [deep, deep + "1" + String(repeating: close, count: 100_000), "{\"tweet_data\": \(deep)"] {
                    #expect(try ann.post("/api/tweets", body).status == 400)
                }
            }
            try ann.tweet("still here")
        }
    }

    @Test(arguments: Transport.allCases) func `A text of a megabyte is 422, and numbers may be long but not large`(
        transport: Transport
    ) async throws {
        try await LiveServer.with {
            $0.http.bodyLimit = 3 << 20
            $0.whole.limits = Limits(textLength: 100_000)
        }.run(transport) { live in
            let ann = try await live.register("ann")
            for piece in ["a", "\\u0041", "é", "\\n"] {
                let text = String(repeating: piece, count: (1 << 20) / piece.utf8.count)
                #expect(try ann.post("/api/tweets", "{\"tweet_data\": \"\(text)\"}").status == 422)
            }
            let digits = String(repeating: "9", count: 100_000)
            #expect(try ann.post("/api/tweets", "{\"tweet_data\": \"x\", \"reply_to\": \(digits)}").status == 422)
            #expect(try ann.post("/api/tweets", "{\"tweet_data\": \"x\", \"reply_to\": 1e\(digits)}").status == 422)
            #expect(try ann.post("/api/tweets", "{\"tweet_data\": \"x\", \"x\": -\(digits).\(digits)}").status == 422)
            #expect(try ann.post("/api/tweets", "{\"tweet_data\": \"x\", \"x\": -1.\(digits)}").status == 201)
            let many = String(repeating: "1,", count: 300_000)
            #expect(
                try ann.post("/api/tweets", "{\"tweet_data\": \"x\", \"tweet_media_ids\": [\(many)1]}").status == 422)
        }
    }

    @Test(arguments: Transport.allCases) func `A thousand damaged bodies are answered, and only sound ones published`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let sound = Array(#"{"tweet_data": "A \"text\" \u00e9 🐦", "tweet_media_ids": [], "reply_to": null}"#.utf8)
            var random = SplitMix64(seed: 20_120_704)
            var published: UInt64 = 0
            let position = live.position
            for _ in 0..<1000 {
                var body = sound
                for _ in 0...Int.random(in: 0..<3, using: &random) where !body.isEmpty {
                    let place = Int.random(in: 0..<body.count, using: &random)
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0: body[place] = UInt8.random(in: 0...255, using: &random)
                    case 1: body.remove(at: place)
                    case 2: body.insert(Array("{}[],:\"\\u0e-".utf8).randomElement(using: &random)!, at: place)
                    default: body.removeLast(body.count - max(place, 1))
                    }
                }
                let answer = try ann.call("POST", "/api/tweets", body: body)
                #expect([201, 400, 404, 422].contains(answer.status), "\(String(decoding: body, as: UTF8.self))")
                if answer.status == 201 {
                    published += 1
                    #expect(
                        Answer(status: 0, headers: [], body: body).json != nil,
                        "\(String(decoding: body, as: UTF8.self))")
                }
            }
            #expect(published > 0)
            #expect(live.position == position + published)
        }
    }
}
