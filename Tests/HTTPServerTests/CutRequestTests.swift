import ContractChecks
import Glibc
import TestSupport
import Testing

@testable import HTTPServer

/// Where the network cuts a request into pieces means nothing: the answers are the same.
///
/// Each seed makes some legal requests, which go out on one connection in three ways: each in one piece, all in one piece,
/// and all cut at random places. A failure names its seed.
struct CutRequestTests {
    /// What of an answer must be the same each time.
    private struct Told: Equatable {
        let status: Int
        let fields: [String]
        let body: [UInt8]

        init(_ response: RawResponse) {
            status = response.status
            fields = response.headers.filter { $0.name.lowercased() != "date" }.map { "\($0.name): \($0.value)" }
            body = response.body
        }
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func `Requests that are cut anywhere are answered as whole ones are`(_ seed: UInt64) throws {
        try TestServer.run { server in
            var random = SplitMix64(seed: seed)
            let requests = (0..<(1 + random.below(5))).map { _ in RandomRequest(&random) }
            let all = requests.flatMap(\.bytes)

            let single = try server.connect()
            let expected = try requests.map { request in
                try single.send(request.bytes)
                return try answer(to: request, on: single)
            }
            #expect(expected.allSatisfy { [200, 404].contains($0.status) }, "seed \(seed): \(expected.map(\.status))")

            let whole = try server.connect()
            try whole.send(all)
            #expect(try requests.map { try answer(to: $0, on: whole) } == expected, "seed \(seed), all in one piece")

            let cut = try server.connect()
            try cut.send(all, cutAt: places(all, &random), pausing: &random)
            #expect(try requests.map { try answer(to: $0, on: cut) } == expected, "seed \(seed), cut")

            let ended = try server.connect()
            try ended.send(all)
            ended.finishSending()
            #expect(try requests.map { try answer(to: $0, on: ended) } == expected, "seed \(seed), ended by the client")
            #expect(try ended.readToEnd().isEmpty, "seed \(seed)")
        }
    }

    @Test func `A request is answered alike when it is cut at each of its bytes`() throws {
        try TestServer.run { server in
            let form =
                "--ab\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n\r\n--a\r\n--ab--\r\n"
            let requests = [
                "GET /fields?a=1&a=%202 HTTP/1.1\r\nHost: a\r\nX-Name: \t b \r\n\r\n",
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;a=\"b\"\r\nhello\r\n0\r\nX: y\r\n\r\n",
                "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=ab\r\nContent-Length: "
                    + "\(form.utf8.count)\r\n\r\n\(form)",
            ]
            for request in requests {
                let bytes = Array(request.utf8)
                let client = try server.connect()
                try client.send(bytes)
                let expected = Told(try client.readResponse())
                for place in 1..<bytes.count {
                    try client.send(Array(bytes[..<place]))
                    usleep(300)
                    try client.send(Array(bytes[place...]))
                    #expect(Told(try client.readResponse()) == expected, "cut at \(place) of \(request)")
                }
            }
        }
    }

    private func answer(to request: RandomRequest, on client: RawClient) throws -> Told {
        var response = try client.readResponse(isHead: request.isHead)
        if response.status == 100 && request.expectsContinue {
            response = try client.readResponse(isHead: request.isHead)
        }
        return Told(response)
    }

    /// Some places within the bytes, most of them where it hurts: beside the ends of lines.
    private func places(_ bytes: [UInt8], _ random: inout SplitMix64) -> [Int] {
        let ends = bytes.indices.filter { bytes[$0] == 10 || bytes[$0] == 13 }
        return Set(
            (0..<20).map { _ in
                random.oneIn(3) ? random.below(bytes.count) : ends[random.below(ends.count)] + random.below(3) - 1
            }
        ).filter { $0 > 0 && $0 < bytes.count }.sorted()
    }
}

extension RawClient {
    /// Sends bytes in pieces, and waits after some of them so that the server sees the piece alone.
    fileprivate func send(_ bytes: [UInt8], cutAt places: [Int], pausing random: inout SplitMix64) throws {
        var start = 0
        for place in places + [bytes.count] {
            try send(Array(bytes[start..<place]))
            if !random.oneIn(4) { usleep(useconds_t(random.below(1500))) }
            start = place
        }
    }
}
