import ContractChecks
import FoundationEssentials
import Glibc
import TestSupport
import Testing
import Threads

extension EndToEnd {
    /// Clients that err, stall or go away: others do not notice, and the log holds what was acknowledged.
    @Suite struct BadInputTests {
        /// Requests that are wrong on the wire, with the status that they get; 0 for none at all.
        private static let broken: [(String, Int)] = [
            (
                "POST /api/tweets HTTP/1.1\r\nHost: a\r\napi-key: key-ann\r\nContent-Length: 18\r\nContent-Length: 18\r\n\r\n{\"tweet_data\":\"x\"}",
                400
            ),
            (
                "POST /api/tweets HTTP/1.1\r\nHost: a\r\napi-key: key-ann\r\nContent-Length: 18\r\nContent-Length: 5\r\n\r\n{\"tweet_data\":\"x\"}",
                400
            ),
            ("POST /api/tweets HTTP/1.1\r\nHost: a\r\napi-key: key-ann\r\nContent-Length: -1\r\n\r\n", 400),
            ("POST /api/tweets HTTP/1.1\r\nHost: a\r\napi-key: key-ann\r\nContent-Length: 5x\r\n\r\n{\"twe", 400),
            (
                "POST /api/tweets HTTP/1.1\r\nHost: a\r\napi-key: key-ann\r\nContent-Length: 99999999999999999999\r\n\r\n",
                413
            ),
            ("POST /api/tweets HTTP/1.1\r\nHost: a\r\napi-key: key-ann\r\nContent-Length: 9999999999\r\n\r\n", 413),
            (
                "POST /api/tweets HTTP/1.1\r\nHost: a\r\napi-key: key-ann\r\nContent-Length: 5\r\n\r\n{\"tweet_data\":\"x\"}",
                400
            ),
            (
                "POST /api/tweets HTTP/1.1\r\nHost: a\r\napi-key: key-ann\r\nContent-Length: 18\r\nTransfer-Encoding: chunked\r\n\r\n",
                400
            ),
            (
                "POST /api/tweets HTTP/1.1\r\nHost: a\r\napi-key: key-ann\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                400
            ),
            ("GET /api/tweets HTTP/1.1\r\napi-key: key-ann\r\n\r\n", 400),
            ("GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "x", count: 100_000) + "\r\n\r\n", 431),
            ("GET /" + String(repeating: "x", count: 100_000) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414),
            ("nonsense\r\n\r\n", 400), ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}", 0), ("GET", 0), ("", 0),
        ]

        @Test func `What is wrong on the wire is refused or cut off, and others are answered`() async throws {
            try await Workspace.run { place in
                try place.account("ann")
                let server = try place.serve(
                    "--header-deadline", "2s", "--body-deadline", "2s", "--idle-deadline", "2s")
                let other = try server.connect("key-ann")
                for (text, status) in Self.broken {
                    let client = try server.connect()
                    try? client.send(Array(text.utf8))
                    if status == 0 { shutdown(client.descriptor, Int32(SHUT_WR)) }
                    let answer = try? client.read()
                    // The library may close before or instead of saying why.
                    let isRefused = answer.map { 400..<500 ~= $0.status } ?? true
                    #expect(isRefused, "\(text.prefix(100)): \(answer?.status ?? 0)")
                    if status == 400, text.contains("api-key") {
                        #expect(answer?.status == 400 || answer == nil, "\(text.prefix(200)): \(answer?.text ?? "")")
                    }
                    #expect(try other.call("GET", "/api/users/me").status == 200)
                }
                #expect(try server.position() == 1)
            }
        }

        @Test func `A body that breaks off is not a tweet`() async throws {
            try await Workspace.run { place in
                try place.account("ann")
                let server = try place.serve()
                let body = "{\"tweet_data\":\"never whole\"}"
                let head =
                    "POST /api/tweets HTTP/1.1\r\nHost: a\r\napi-key: key-ann\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                for length in stride(from: 0, to: body.utf8.count, by: 3) {
                    for resets in [false, true] {
                        let client = try server.connect()
                        try client.send(Array((head + body.prefix(length)).utf8))
                        if resets { client.reset() } else { shutdown(client.descriptor, Int32(SHUT_WR)) }
                        if !resets { #expect((try? client.read().status) != 201) }
                    }
                }
                #expect(try server.position() == 1)
                #expect(try server.connect("key-ann").call("POST", "/api/tweets", body).status == 201)
            }
        }

        @Test func `Slow senders are cut off in time, however they trickle, while others are served`() async throws {
            try await Workspace.run { place in
                try place.account("ann")
                let server = try place.serve("--header-deadline", "1s", "--body-deadline", "1s")
                let heads = [
                    "GET /api/users/me HTTP/1.1\r\nHost: a\r\napi-key: key-ann\r\nX-Slow: ",
                    "POST /api/tweets HTTP/1.1\r\nHost: a\r\napi-key: key-ann\r\nContent-Length: 100000\r\n\r\n",
                    "POST /api/medias HTTP/1.1\r\nHost: a\r\napi-key: key-ann\r\nContent-Type: \(MultipartForm.contentType)\r\n"
                        + "Content-Length: 100000\r\n\r\n",
                ]
                let slow = try (0..<30).map { index in
                    let client = try server.connect()
                    try client.send(Array(heads[index % 3].utf8))
                    return client
                }
                let other = try server.connect("key-ann")
                var open = Set(slow.indices)
                try wait(for: "all slow senders to be cut off") { () throws -> Bool in
                    for index in open {
                        // One byte at a time, for ever: an idle timer alone would never run out.
                        let byte: [UInt8] = [UInt8(ascii: "x")]
                        let sent = Glibc.send(slow[index].descriptor, byte, 1, Int32(MSG_NOSIGNAL))
                        var received = [UInt8](repeating: 0, count: 4096)
                        let count = recv(slow[index].descriptor, &received, 4096, Int32(MSG_DONTWAIT))
                        if sent < 0 || count == 0 || (count < 0 && errno != EAGAIN) { open.remove(index) }
                    }
                    #expect(try other.call("GET", "/api/users/me").status == 200)
                    return open.isEmpty
                }
                #expect(try other.call("POST", "/api/tweets", "{\"tweet_data\": \"x\"}").status == 201)
                #expect(try server.position() == 2)
            }
        }

        @Test func `Clients that go away while their writes are under way leave whole tweets or none`() async throws {
            try await Workspace.run { place in
                try place.account("ann")
                let server = try place.serve("--loops", "2")
                let other = try server.connect("key-ann")
                var random = SplitMix64(seed: 5)
                for round in 0..<40 {
                    let crowd = try (0..<10).map { _ in try server.connect("key-ann") }
                    for (index, client) in crowd.enumerated() {
                        try client.send("POST", "/api/tweets", "{\"tweet_data\": \"gone \(round) \(index)\"}")
                        if Bool.random(using: &random) { client.reset() }
                    }
                    // They close here, most of them with the answer still to come.
                    withExtendedLifetime(crowd) {}
                    if round % 8 == 0 {
                        #expect(
                            try other.call("POST", "/api/tweets", "{\"tweet_data\": \"here \(round)\"}").status == 201)
                    }
                }
                #expect(try other.call("GET", "/api/users/me").status == 200)
                #expect(try server.stop().status == 0)
                let texts = try place.export(place.data).compactMap { $0["data"]?["text"]?.string }
                #expect(Set(texts).count == texts.count)
                #expect(texts.allSatisfy { $0.wholeMatch(of: /gone \d+ \d|here \d+/) != nil })
                #expect(texts.count { $0.hasPrefix("here") } == 5)
                let digest = try place.digest(place.data)
                #expect(try place.rebuiltDigest(place.data) == digest)
            }
        }

        @Test func `Uploads that break off leave nothing behind`() async throws {
            try await Workspace.run { place in
                try place.account("ann")
                let server = try place.serve()
                let form = MultipartForm("file", Picture.png(1, size: 300_000)).body
                let head =
                    "POST /api/medias HTTP/1.1\r\nHost: a\r\napi-key: key-ann\r\nContent-Type: \(MultipartForm.contentType)\r\n"
                    + "Content-Length: \(form.count)\r\n\r\n"
                for index in 0..<20 {
                    let client = try server.connect()
                    try client.send(Array(head.utf8) + form[..<(index * 14_000)])
                    if index % 2 == 0 { client.reset() }
                }
                let incoming = place.data + "/media/incoming"
                try wait(for: "the broken uploads to be removed") {
                    try FileManager.default.contentsOfDirectory(atPath: incoming).isEmpty
                }
                #expect(try server.position() == 1)
            }
        }

        @Test func `Ten thousand idle connections take nothing from others`() async throws {
            try await Workspace.run { place in
                try place.account("ann")
                var limit = rlimit()
                getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                limit.rlim_cur = limit.rlim_max
                setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                // Other tests of this process have their sockets, too.
                let count = min(10_000, Int(clamping: limit.rlim_cur) - 7000)
                if count < 10_000 {
                    print("only \(max(count, 0)) idle connections: the limit on open files is \(limit.rlim_cur)")
                }
                let server = try place.serve(
                    "--connections", "20000", "--idle-deadline", "120s", "--header-deadline", "120s")
                let other = try server.connect("key-ann")
                var idle: [HTTPConnection] = []
                for index in 0..<max(count, 100) {
                    let client = try server.connect()
                    // Some have never said a word, some stopped in the middle of a header, some are between requests.
                    if index % 3 == 1 { try client.send(Array("GET /healthz HTTP/1.1\r\nHo".utf8)) }
                    if index % 30 == 0 { #expect(try client.call("GET", "/healthz").status == 200) }
                    idle.append(client)
                }
                try wait(for: "all connections to be accepted") {
                    let text = try other.call("GET", "/metrics").text
                    let open = text.firstMatch(of: /\nmartlet_http_connections_open (\d+)\n/).flatMap {
                        Int($0.output.1)
                    }
                    return open ?? 0 >= idle.count
                }
                for index in 0..<50 {
                    #expect(try other.call("POST", "/api/tweets", "{\"tweet_data\": \"\(index)\"}").status == 201)
                    #expect(try other.call("GET", "/api/tweets?limit=10").status == 200)
                }
                for index in stride(from: 0, to: idle.count, by: 200) {
                    if index % 3 == 1 {
                        try idle[index].send(Array("st: a\r\n\r\n".utf8))
                    } else {
                        try idle[index].send("GET", "/healthz")
                    }
                    #expect(try idle[index].read().status == 200)
                }
                #expect(try server.stop().status == 0)
            }
        }
    }
}
