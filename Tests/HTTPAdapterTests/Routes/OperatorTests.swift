import ContractChecks
import HTTPServer
import Microblog
import Testing

@testable import HTTPAdapter

/// The same routes over the control socket: the operator calls, without a key and without an account.
@Suite struct OperatorTests {
    @Test(arguments: Transport.allCases) func `The operator makes accounts that can be used at once`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let answer = try live.operator().post("/admin/accounts", "{\"handle\": \"ann\", \"name\": \"Ann\"}")
            #expect(answer.status == 201)
            let ann = live.stranger.another(key: try #require(answer.json?["account"]?["key"]?.string))
            #expect(try ann.get("/api/users/me").status == 200)
            #expect(try live.operator().post("/admin/accounts", "{\"handle\": \"ann\", \"name\": \"x\"}").status == 409)
            #expect(try live.operator().post("/admin/accounts", "{").status == 400)
        }
    }

    /// The key that follows from a request must follow from a secret. An idempotency key is none.
    @Test(arguments: Transport.allCases) func `With an idempotency key the operator says which key the account gets`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            for key in [nil, "anything"] {
                let refused = try live.operator(key: key).post(
                    "/admin/accounts", "{\"handle\": \"ann\", \"name\": \"Ann\"}", headers: "Idempotency-Key: 1\r\n")
                #expect(refused.status == 422)
                #expect(refused.text.contains("must say which key the account gets"))
            }
            #expect(live.position == 0)
            for _ in 0..<2 {
                let made = try live.operator().post(
                    "/admin/accounts", "{\"handle\": \"ann\", \"name\": \"Ann\", \"key\": \"secret\"}",
                    headers: "Idempotency-Key: 1\r\n")
                #expect(made.status == 201)
                #expect(made.json?["account"]?["id"] == .integer(1))
            }
            #expect(live.position == 1)
        }
    }

    @Test(arguments: Transport.allCases) func `The operator has rebuilds done and sees how the projectors are`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            #expect(try live.operator().post("/admin/replay").status == 202)
            let answer = try live.operator().get("/admin/projectors")
            #expect(answer.status == 200)
            #expect(answer.json?["rebuild"]?["state"]?.string != "none")
        }
    }

    @Test(arguments: Transport.allCases) func `What is the same for everybody the operator reads, as nobody`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let bob = try await live.register("bob")
            let tweet = try ann.tweet("hello")
            try ann.tweet("reply", replyTo: tweet)
            try bob.like(tweet)
            try bob.follow(ann)
            let paths = [
                "/api/tweets/\(tweet)", "/api/tweets/\(tweet)/likes", "/api/tweets/\(tweet)/replies",
                "/api/users/\(ann.id)", "/api/users/\(ann.id)/tweets", "/api/users/\(ann.id)/followers",
                "/api/users/\(bob.id)/following", "/api/users?handle=ann",
            ]
            for path in paths {
                let answer = try live.operator().get(path)
                #expect(answer.status == 200, "\(path)")
                // Somebody who has liked nothing there sees just this.
                #expect(answer.body == (try ann.get(path).body), "\(path)")
                #expect(answer["RateLimit-Limit"] == nil)
            }
            #expect(try live.operator().read(tweet)["liked"] == .boolean(false))
            #expect(try live.operator().read(tweet)["likes_count"] == .integer(1))
            for path in ["/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"] {
                #expect(try live.operator().get(path).status == 200, "\(path)")
            }
            let waited = try live.operator().get(
                "/api/users/1", headers: "Martlet-Wait: \(live.position)\r\n")
            #expect(waited.status == 200)
            let far = try live.operator().get("/healthz", headers: "Martlet-Wait: 999999999\r\n")
            #expect(far.status == 422)
        }
    }

    @Test(arguments: Transport.allCases) func `What needs an account as its caller is refused, with or without a key`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann", role: .admin)
            let tweet = try ann.tweet("hello")
            let position = live.position
            let calls = [
                ("GET", "/api/tweets"), ("GET", "/api/users/me"), ("PATCH", "/api/users/me"), ("POST", "/api/tweets"),
                ("DELETE", "/api/tweets/\(tweet)"), ("POST", "/api/tweets/\(tweet)/likes"),
                ("DELETE", "/api/tweets/\(tweet)/likes"), ("POST", "/api/tweets/\(tweet)/pin"),
                ("DELETE", "/api/tweets/\(tweet)/pin"), ("POST", "/api/users/\(ann.id)/follow"),
                ("DELETE", "/api/users/\(ann.id)/follow"), ("POST", "/api/medias"),
                ("PUT", "/api/tweets/\(tweet)/medias/1"),
            ]
            for key in [nil, "wrong", ann.key] {
                for (method, path) in calls {
                    // A body that would be wrong for an account: it is not looked at.
                    let answer = try live.operator(key: key).call(method, path, body: Array("{".utf8))
                    #expect(answer.status == 403, "\(method) \(path)")
                    #expect(answer.errorType == "forbidden")
                    #expect(answer.text.contains("the operator calls, who has no account"))
                }
            }
            #expect(live.position == position)
        }
    }

    /// A row says who may call; nothing else does.
    @Test func `No row lets the operator in unless it says so`() {
        let closed = RouteTable.shared.rows.filter { $0.permission == .account }.map {
            "\($0.method.name) \($0.pattern)"
        }
        #expect(
            Set(closed) == [
                "GET /api/tweets", "POST /api/tweets", "DELETE /api/tweets/{id}", "POST /api/tweets/{id}/likes",
                "DELETE /api/tweets/{id}/likes", "POST /api/tweets/{id}/pin", "DELETE /api/tweets/{id}/pin",
                "GET /api/users/me", "PATCH /api/users/me", "POST /api/users/{id}/follow",
                "DELETE /api/users/{id}/follow", "POST /api/medias", "PUT /api/tweets/{id}/medias/{media_id}",
            ])
        #expect(Route(.get, "/x", .query { _ in }).permission == .account)
        #expect(Route(.get, "/x", .open { _ in }).permission == .anyone)
    }

    @Test(arguments: Transport.allCases) func `No rate holds for the operator, and no page of a browser is let in`(
        transport: Transport
    ) async throws {
        try await LiveServer.with {
            $0.http.requestsPerSecond = 1
            $0.http.burst = 1
            $0.http.wrongKeysPerSecond = 1
            $0.http.allowedOrigins = .all
        }.run(transport) { live in
            let client = live.operator(key: "wrong")
            for _ in 0..<50 { #expect(try client.get("/admin/projectors").status == 200) }
            for method in ["GET", "OPTIONS"] {
                let answer = try client.call(
                    method, "/admin/projectors",
                    headers: "Origin: https://a.example\r\nAccess-Control-Request-Method: GET\r\n")
                #expect(!answer.headers.contains { $0.name.lowercased().hasPrefix("access-control") })
            }
        }
    }
}
