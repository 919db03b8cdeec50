import ContractChecks
import Testing

@testable import HTTPAdapter

@Suite struct NearbyPathTests {
    @Test(arguments: Transport.allCases) func `A path with a slash too many, or in capital letters, is 404 with a hint`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live throws in
            let hints = [
                "/api/tweets/": "/api/tweets, without a slash at its end",
                "/api/tweets//": "/api/tweets, without a slash at its end and with single slashes",
                "/api/tweets/7/": "/api/tweets/7, without a slash at its end",
                "/api/tweets/7/likes/": "/api/tweets/7/likes, without a slash at its end",
                "/api/users/me/": "/api/users/me, without a slash at its end",
                "/healthz/": "/healthz, without a slash at its end", "/docs/": "/docs, without a slash at its end",
                "//api/tweets": "/api/tweets, with single slashes", "/api//tweets": "/api/tweets, with single slashes",
                "/API/tweets": "/api/tweets, in small letters", "/api/Tweets": "/api/tweets, in small letters",
                "/Healthz": "/healthz, in small letters",
                "/Api/Tweets/": "/api/tweets, without a slash at its end and in small letters",
                "//": "/, without a slash at its end and with single slashes",
            ]
            let ann = try await live.register("ann")
            for (path, hint) in hints {
                for method in ["GET", "POST", "DELETE", "OPTIONS"] {
                    for client in [ann, live.stranger] {
                        let answer = try client.call(method, path)
                        #expect(answer.status == 404, "\(method) \(path)")
                        #expect(answer.errorType == "not_found")
                        let message = answer.json?["error_message"]?.string
                        #expect(message == "there is nothing at this path; it is \(hint)", "\(method) \(path)")
                    }
                }
                #expect(try ann.call("HEAD", path).status == 404)
            }
        }
    }

    @Test(arguments: Transport.allCases) func `Where no path is near there is no hint`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live throws in
            let paths = [
                "/api", "/api/", "/API", "/api/x/", "/media/", "/x/", "/X", "/login/", "/api/tweets/7/x/",
                "/api//" + String(repeating: "a", count: 300), String(repeating: "/", count: 300),
            ]
            for path in paths {
                let answer = try live.stranger.get(path)
                #expect(answer.status == 404, "\(path)")
                #expect(answer.json?["error_message"]?.string == "there is nothing at this path", "\(path)")
            }
        }
    }
}
