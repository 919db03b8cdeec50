import ContractChecks
import Testing

@testable import HTTPAdapter

@Suite struct MediaTests {
    /// Uploads a file, shows it on a tweet, and tells its path.
    private func publish(_ bytes: [UInt8], by client: APIClient) throws -> (tweet: Int, path: String) {
        let tweet = try client.tweet("x", media: [try client.upload(bytes)])
        return (tweet, try #require(client.read(tweet)["attachments"]?[0]?.string))
    }

    @Test(arguments: Transport.allCases)
    func `The type is told by the content, whatever name and type the client gives`(transport: Transport) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            for kind in Picture.kinds {
                let (_, path) = try publish(kind.bytes, by: ann)
                #expect(path.wholeMatch(of: /\/media\/[0-9a-f]{64}\.[0-9a-z]+/) != nil)
                #expect(path.hasSuffix("." + kind.fileExtension))
                let answer = try live.stranger.get(path)
                #expect(answer.status == 200)
                #expect(answer.body == kind.bytes)
                #expect(answer["Content-Type"] == kind.type)
                #expect(answer["X-Content-Type-Options"] == "nosniff")
                #expect(answer["Accept-Ranges"] == "bytes")
                #expect(answer["Cache-Control"]?.contains("immutable") == true)
                let wrongEnd = path.replacing("." + kind.fileExtension, with: ".html")
                #expect(try live.stranger.get(wrongEnd).status == 404)
            }
        }
    }

    @Test(arguments: Transport.allCases) func `A file of an unknown type is 415, no file and an empty one are 422`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let position = live.position
            let unknown: [[UInt8]] = [
                Array("plain text".utf8), Array("<svg xmlns='http://www.w3.org/2000/svg'/>".utf8), [0],
                Array("%PDF-1.7".utf8), Array("<html><script>".utf8), Array("MZ".utf8), [0xFF, 0xD8],
                Array("....ftypqt  ".utf8), [0x89, 0x50],
            ]
            for bytes in unknown {
                let answer = try ann.upload(form: MultipartForm("file", bytes, fileName: "x.png"))
                #expect(answer.status == 415, "\(bytes)")
                #expect(answer.errorType == "unsupported_media_type")
            }
            #expect(try ann.upload(form: MultipartForm("file", [])).status == 422)
            #expect(try ann.upload(form: MultipartForm("other", Picture.png(1))).status == 422)
            #expect(try ann.upload(form: MultipartForm()).status == 422)
            var two = MultipartForm("file", Picture.png(1))
            two.add("file", Picture.png(2), fileName: "2")
            #expect(try ann.upload(form: two).status == 422)
            #expect(try ann.post("/api/medias", "{}", headers: "Content-Type: application/json\r\n").status == 422)
            #expect(try ann.post("/api/medias").status == 422)
            #expect(
                try ann.call("POST", "/api/medias", body: Picture.png(1), headers: "Content-Type: image/png\r\n").status
                    == 422)
            #expect(live.position == position)
        }
    }

    @Test(arguments: Transport.allCases) func `Other parts beside the file are passed over`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            var form = MultipartForm()
            form.add("title", Array("a title".utf8))
            form.add("file", Picture.png(1), fileName: "файл \u{1F426}.png")
            form.add("more", Array(repeating: 0x2D, count: 5000))
            #expect(try ann.upload(form: form).status == 201)
        }
    }

    @Test(arguments: Transport.allCases) func `A form that breaks off is not a file`(transport: Transport) async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let position = live.position
            let whole = MultipartForm("file", Picture.png(1)).body
            for length in stride(from: 0, to: whole.count - 6, by: 17) {
                let answer = try ann.call(
                    "POST", "/api/medias", body: Array(whole[..<length]),
                    headers: "Content-Type: \(MultipartForm.contentType)\r\n")
                #expect(400..<500 ~= answer.status, "\(length) bytes")
            }
            let noBoundary = try ann.call(
                "POST", "/api/medias", body: whole, headers: "Content-Type: multipart/form-data\r\n")
            #expect(400..<500 ~= noBoundary.status)
            #expect(live.position == position)
        }
    }

    @Test(arguments: Transport.allCases) func `Ranges of a file are sent`(transport: Transport) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let bytes = Picture.png(1, size: 1000)
            let (_, path) = try publish(bytes, by: ann)
            let tag = try #require(ann.get(path)["ETag"])
            func get(_ range: String, _ more: String = "") throws -> Answer {
                try ann.get(path, headers: "Range: \(range)\r\n\(more)")
            }
            let parts = [
                ("bytes=0-0", 0..<1), ("bytes=0-99", 0..<100), ("bytes=100-199", 100..<200), ("bytes=900-", 900..<1000),
                ("bytes=-1", 999..<1000), ("bytes=-300", 700..<1000), ("bytes=-5000", 0..<1000),
                ("bytes=990-5000", 990..<1000), ("bytes=0-", 0..<1000), ("bytes=0-99999999999999999999", 0..<1000),
            ]
            for (range, part) in parts {
                let answer = try get(range)
                #expect(answer.status == 206, "\(range)")
                #expect(answer.body == Array(bytes[part]), "\(range)")
                #expect(answer["Content-Range"] == "bytes \(part.lowerBound)-\(part.upperBound - 1)/1000")
                #expect(answer["Content-Length"] == "\(part.count)")
                #expect(answer["Content-Type"] == "image/png")
                #expect(answer["ETag"] == tag)
            }
            for range in ["bytes=1000-", "bytes=1000-2000", "bytes=-0", "bytes=99999999999999999999-"] {
                let answer = try get(range)
                #expect(answer.status == 416, "\(range)")
                #expect(answer["Content-Range"] == "bytes */1000")
            }
            for range in [
                "bytes=0-1,5-6", "bytes=5-2", "bytes=x-1", "bytes=", "bytes=-", "lines=0-1", "0-1", "bytes=0-1-2",
            ] {
                let answer = try get(range)
                #expect(answer.status == 200, "\(range)")
                #expect(answer.body == bytes)
            }
            #expect(try get("bytes=0-9", "If-Range: \(tag)\r\n").status == 206)
            #expect(try get("bytes=0-9", "If-Range: \"other\"\r\n").status == 200)
            #expect(try get("bytes=0-9", "If-Range: W/\(tag)\r\n").status == 200)
            #expect(try get("bytes=0-9", "If-Range: Sun, 06 Nov 1994 08:49:37 GMT\r\n").status == 200)
        }
    }

    @Test(arguments: Transport.allCases)
    func `A file that the client has is 304, and HEAD tells of it without sending it`(transport: Transport) async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let (_, path) = try publish(Picture.png(1, size: 1000), by: ann)
            let tag = try #require(ann.get(path)["ETag"])
            for condition in [tag, "*", "W/\(tag)", "\"other\", \(tag)", "\"other\",W/\(tag) , \"x\""] {
                let answer = try ann.get(path, headers: "If-None-Match: \(condition)\r\n")
                #expect(answer.status == 304, "\(condition)")
                #expect(answer.body.isEmpty)
                #expect(answer["ETag"] == tag)
                #expect(answer["Cache-Control"]?.contains("immutable") == true)
            }
            #expect(try ann.get(path, headers: "If-None-Match: \"other\"\r\n").status == 200)
            let both = "If-None-Match: \(tag)\r\nRange: bytes=0-1\r\n"
            #expect(try ann.get(path, headers: both).status == 304)
            let head = try ann.call("HEAD", path)
            #expect(head.status == 200)
            #expect(head["Content-Length"] == "1000")
            #expect(head["Content-Type"] == "image/png")
            #expect(try ann.call("HEAD", path, headers: "Range: bytes=0-1\r\n").status == 200)
        }
    }

    @Test(arguments: Transport.allCases) func `A file goes with its tweet, unless another tweet holds the same content`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let bob = try await live.register("bob")
            let (first, path) = try publish(Picture.png(1), by: ann)
            let (second, same) = try publish(Picture.png(1), by: bob)
            #expect(path == same)
            try ann.delete("/api/tweets/\(first)")
            #expect(try live.stranger.get(path).body == Picture.png(1))
            try bob.delete("/api/tweets/\(second)")
            #expect(try live.stranger.get(path).status == 404)
            let (_, again) = try publish(Picture.png(1), by: ann)
            #expect(again == path)
            #expect(try live.stranger.get(path).body == Picture.png(1))
        }
    }

    @Test(arguments: Transport.allCases)
    func `Media is put on a tweet that is there, in order, and again without effect`(transport: Transport) async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let tweet = try ann.tweet("x", media: [try ann.upload(Picture.png(0))])
            for index in 1..<4 {
                let media = try ann.upload(Picture.png(index))
                let position = live.position
                for _ in 0..<2 {
                    let answer = try ann.put("/api/tweets/\(tweet)/medias/\(media)")
                    #expect(answer.status == 200)
                    #expect(Shape.done().faults(of: answer.json) == [])
                    #expect(live.position == position + 1)
                }
            }
            let paths = try #require(ann.read(tweet)["attachments"]?.array).compactMap(\.string)
            #expect(paths.count == 4)
            for (index, path) in paths.enumerated() {
                #expect(try live.stranger.get(path).body == Picture.png(index))
            }
            try ann.delete("/api/tweets/\(tweet)")
            for path in paths { #expect(try live.stranger.get(path).status == 404) }
        }
    }

    @Test(arguments: Transport.allCases) func `A large file comes back whole, and in parts`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let bytes = Picture.png(7, size: 3_000_000)
            let (_, path) = try publish(bytes, by: ann)
            #expect(try live.stranger.get(path).body == bytes)
            var joined: [UInt8] = []
            for start in stride(from: 0, to: bytes.count, by: 700_000) {
                joined += try ann.get(path, headers: "Range: bytes=\(start)-\(start + 699_999)\r\n").body
            }
            #expect(joined == bytes)
        }
    }
}
