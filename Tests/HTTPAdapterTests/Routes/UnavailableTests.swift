import ContractChecks
import EventLog
import Microblog
import Projections
import Testing

@testable import Application
@testable import HTTPAdapter

@Suite struct UnavailableTests {
    @Test(arguments: Transport.allCases) func `A full store answers writes with 503 and goes on answering reads`(
        transport: Transport
    ) async throws {
        try await LiveServer.with {
            $0.whole.mapSize = 1 << 20
            $0.http.waitLimit = .seconds(2)
        }.run(transport) { live in
            let ann = try await live.register("ann")
            let text = String(repeating: "full ", count: 200)
            var tweets: [Int] = []
            var refused: Answer?
            while refused == nil, tweets.count < 5000 {
                let answer = try ann.post("/api/tweets", "{\"tweet_data\": \"\(text)\"}")
                if answer.status == 201 {
                    tweets.append(answer.json?["tweet_id"]?.integer ?? 0)
                } else {
                    refused = answer
                }
            }
            #expect(refused?.status == 503)
            #expect(refused?.errorType == "unavailable")
            #expect(try ann.get("/api/users/me").status == 200)
            #expect(Set(try ann.ids("/api/tweets?limit=1000")).isSuperset(of: tweets.suffix(500)))
        }
    }

    @Test(arguments: Transport.allCases) func `A server that is stopping answers writes with 503`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let tweet = try ann.tweet("x")
            live.martlet.log?.close()
            live.martlet.intake.stop()
            for (method, target, body) in [
                ("POST", "/api/tweets", "{\"tweet_data\": \"x\"}"), ("DELETE", "/api/tweets/\(tweet)", ""),
                ("POST", "/api/tweets/\(tweet)/likes", ""), ("POST", "/api/users/\(ann.id)/follow", ""),
            ] {
                #expect(try ann.call(method, target, body: Array(body.utf8)).status == 503, "\(method) \(target)")
            }
            #expect(try ann.upload(form: MultipartForm("file", Picture.png(1))).status == 503)
            #expect(try ann.ids("/api/tweets") == [tweet])
        }
    }

    @Test(arguments: Transport.allCases) func `Queries that need a stopped read model answer 503, the others go on`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let tweet = try ann.tweet("x")
            live.martlet.states.stop(.likes, at: 1, because: "a test says so")
            for target in ["/api/tweets", "/api/tweets/\(tweet)", "/api/users/\(ann.id)/tweets", "/readyz"] {
                #expect(try ann.get(target).status == 503, "\(target)")
            }
            for target in ["/api/users/me", "/api/users/\(ann.id)/followers", "/healthz"] {
                #expect(try ann.get(target).status == 200, "\(target)")
            }
            #expect(try ann.get("/metrics").text.contains("martlet_read_model_stopped{model=\"likes\"} 1"))
        }
    }
}
