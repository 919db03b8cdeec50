import ContractChecks
import FoundationEssentials
import Glibc
import Testing

extension EndToEnd {
    /// `martlet replay --server`: a rebuild over HTTP, and what is said when there is none.
    @Suite struct RemoteReplayTests {
        private static func url(_ server: Server) -> String { "http://127.0.0.1:\(server.port)" }

        @Test func `a server rebuilds, and the report tells what it did`() async throws {
            try await Workspace.run { place in
                let imported = try place.importFile(try place.generate(3000, seed: 5), into: place.data)
                try #require(imported.status == 0, "\(imported.errors)")
                try place.account("admin", role: "admin")
                let before = try place.digest(place.data)
                let server = try place.serve()
                let position = try server.position()
                let byFlag = try place.martlet("replay", "--server", Self.url(server), "--key", "key-admin")
                try #require(byFlag.status == 0, "\(byFlag.errors)")
                #expect(byFlag.output.hasPrefix("events        \(position)\nseconds       "))
                #expect(byFlag.output.contains("\nevents/s      "))
                let byVariable = try place.martlet(
                    "replay", environment: ["MARTLET_SERVER": Self.url(server) + "/", "MARTLET_KEY": "key-admin"])
                #expect(byVariable.status == 0, "\(byVariable.errors)")
                #expect(try place.read("data/views/current") == "3\n")
                #expect(try server.stop().status == 0)
                #expect(try place.digest(place.data) == before)
            }
        }

        @Test func `a refusal says what to do and ends with 1`() async throws {
            try await Workspace.run { place in
                try place.account("admin", role: "admin")
                try place.account("member")
                let server = try place.serve()
                func replay(_ url: String, _ key: String) throws -> Outcome {
                    try place.martlet("replay", "--server", url, "--key", key)
                }
                for (url, key, words) in [
                    (
                        Self.url(server), "unknown",
                        "refuses the key: the key in api-key is unknown or was revoked; give an"
                    ),
                    (Self.url(server), "key-member", "refuses: only an account with the role admin may do this"),
                    (Self.url(server) + "/elsewhere", "key-admin", "has no /admin/replay"),
                    ("http://127.0.0.1:1", "key-admin", "cannot reach http://127.0.0.1:1/admin/replay: "),
                ] {
                    let outcome = try replay(url, key)
                    #expect(outcome.status == 1)
                    #expect(outcome.errors.contains(words), "\(outcome.errors)")
                    #expect(outcome.output == "")
                    #expect(outcome.errors.split(separator: "\n").count == 1)
                }
                let past = try place.serve("--as-of", "1")
                let refused = try replay(Self.url(past), "key-admin")
                #expect(refused.status == 1)
                #expect(
                    refused.errors.contains("refuses: this server shows the state at position 1"), "\(refused.errors)")
                let locked = try place.martlet("replay", "--data", place.data)
                #expect(locked.status == 1)
                #expect(locked.errors.contains("in use by process \(server.process.id)"))
                #expect(locked.errors.contains("martlet replay --server URL"))
                #expect(try place.read("data/views/current") == "1\n")
            }
        }

        @Test func `a rebuild that fails says why, and the server goes on with what it has`() async throws {
            try await Workspace.run { place in
                try place.account("admin", role: "admin")
                let server = try place.serve()
                // Something in the way of the next generation.
                try FileManager.default.createDirectory(
                    atPath: place.data + "/views/2/kept", withIntermediateDirectories: true)
                let outcome = try place.martlet("replay", "--server", Self.url(server), "--key", "key-admin")
                #expect(outcome.status == 1)
                #expect(
                    outcome.errors.contains(
                        "has given the rebuild up and goes on with the read models it had: cannot remove"),
                    "\(outcome.errors)")
                #expect(server.process.errors.contains("the rebuild of the read models was given up: cannot remove"))
                #expect(try server.projectors()["rebuild"]?["state"] == .string("failed"))
                #expect(try server.connect("key-admin").call("GET", "/api/users/me").status == 200)
                try place.remove("data/views/2/kept")
                let again = try place.martlet("replay", "--server", Self.url(server), "--key", "key-admin")
                #expect(again.status == 0, "\(again.errors)")
            }
        }

        @Test func `a server that dies in the middle is told of`() async throws {
            try await Workspace.run { place in
                try place.account("admin", role: "admin")
                let server = try place.serve()
                let hold = try ViewsHold(place.data + "/views/1")
                try server.connect("key-admin").send("POST", "/api/tweets", "{\"tweet_data\": \"held up\"}")
                try wait(for: "the event") { try server.position() == 2 }
                let remote = try place.start(["replay", "--server", Self.url(server), "--key", "key-admin"])
                try wait(for: "the rebuild") {
                    try server.projectors()["rebuild"]?["state"] == .string("running")
                }
                server.kill()
                hold.release()
                let outcome = try remote.wait()
                #expect(outcome.status == 1)
                #expect(outcome.errors.contains("cannot reach http://127.0.0.1:\(server.port)/admin/projectors: "))
                #expect(outcome.errors.contains("the rebuild may still go on"))
            }
        }

        @Test func `what cannot be meant is refused with 2 before anything is asked`() async throws {
            try await Workspace.run { place in
                try place.account("admin", role: "admin")
                let url = ["--server", "http://127.0.0.1:1", "--key", "k"]
                for (arguments, words) in [
                    ([], "--data DIR or --server URL is needed"),
                    (
                        url + ["--data", place.data],
                        "--data (command line) and --server (command line) exclude each other"
                    ),
                    (Array(url.prefix(2)), "--key KEY is needed"),
                    (url + ["--into", "x"], "--into means nothing with --server"),
                    (url + ["--until", "1"], "--until means nothing with --server"),
                    (url + ["--memory", "64MiB"], "--memory means nothing with --server"),
                    (["--server", "127.0.0.1:8080"], "is not an address such as http://127.0.0.1:8080"),
                ] {
                    let outcome = try place.start(["replay"] + arguments).wait()
                    #expect(outcome.status == 2)
                    #expect(outcome.errors.contains(words), "\(outcome.errors)")
                }
                // What the command line says goes before what the environment says.
                let local = try place.martlet(
                    "replay", "--data", place.data, environment: ["MARTLET_SERVER": "http://127.0.0.1:1"])
                #expect(local.status == 0, "\(local.errors)")
                let remote = try place.martlet(
                    "replay", "--server", "http://127.0.0.1:1", "--key", "k", environment: ["MARTLET_DATA": place.data])
                #expect(remote.status == 1)
                #expect(remote.errors.contains("cannot reach"))
                let both = try place.martlet(
                    "replay", environment: ["MARTLET_DATA": place.data, "MARTLET_SERVER": "http://127.0.0.1:1"])
                #expect(both.status == 2)
                #expect(both.errors.contains("--data (MARTLET_DATA in the environment) and --server"))
            }
        }
    }
}
