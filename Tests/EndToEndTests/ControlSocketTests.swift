import ContractChecks
import FoundationEssentials
import Glibc
import Testing

extension EndToEnd {
    /// The socket in the data directory, by the built program: a strange client, and the program's own.
    @Suite struct ControlSocketTests {
        private static func status(_ path: String) -> stat? {
            var status = stat()
            return lstat(path, &status) == 0 ? status : nil
        }

        /// Has curl send a request.
        ///
        /// - Returns: what it says, and the status behind it.
        private static func curl(_ place: Workspace, _ socket: String, _ arguments: String...) throws -> String {
            try Process(
                ["-s", "--max-time", "60", "-w", " %{http_code}", "--unix-socket", socket] + arguments, in: place.path,
                program: "/usr/bin/curl"
            ).wait().output
        }

        @Test func `curl acts for the operator, as its actor 0 in the log, and the socket goes with the server`()
            async throws
        {
            try await Workspace.run { place in
                try place.account("ada")
                let server = try place.serve()
                let socket = place.data + "/control.sock"
                #expect(Self.status(socket)?.st_mode == S_IFSOCK | 0o600)
                #expect(try Self.curl(place, socket, "http://martlet/healthz") == "{\"result\":true} 200")
                let made = try Self.curl(
                    place, socket, "http://martlet/admin/accounts", "-d", "{\"handle\": \"lin\", \"name\": \"Lin\"}")
                #expect(made.hasSuffix(" 201"))
                #expect(
                    try Self.curl(place, socket, "http://martlet/api/users/me", "-H", "api-key: key-ada")
                        .hasSuffix(" 403"))
                let metrics = try server.connect().call("GET", "/metrics").text
                #expect(metrics.contains("\nmartlet_http_responses_total{class=\"4xx\"} 1\n"))
                #expect(try server.stop().status == 0)
                #expect(Self.status(socket) == nil)
                let event = try #require(try place.export(place.data).last)
                #expect(event["actor"] == .integer(0))
            }
        }

        /// Only root can become somebody else.
        @Test(.enabled(if: geteuid() == 0)) func `Another user is refused, though the directories are open`()
            async throws
        {
            try await Workspace.run { place in
                try place.account("ada")
                let server = try place.serve()
                for path in [place.path, place.data] { chmod(path, 0o755) }
                let socket = place.data + "/control.sock"
                let refused = try Process(
                    [
                        "--reuid", "65534", "--regid", "65534", "--clear-groups", "/usr/bin/curl", "-sS", "--max-time",
                        "60", "--unix-socket", socket, "http://martlet/healthz",
                    ], in: place.path, program: "/usr/bin/setpriv"
                ).wait()
                // Curl's word for a connection that could not be made.
                #expect(refused.status == 7, "\(refused)")
                #expect(refused.output.isEmpty)
                #expect(try Self.curl(place, socket, "http://martlet/healthz").hasSuffix(" 200"))
                #expect(try server.stop().status == 0)
            }
        }

        @Test func `The socket of a killed server is replaced, and a long path is no obstacle`() async throws {
            try await Workspace.run { place in
                try place.account("ada")
                let long = place.path + "/" + String(repeating: "d", count: 120)
                try FileManager.default.createDirectory(atPath: long, withIntermediateDirectories: false)
                try FileManager.default.moveItem(atPath: place.data, toPath: long + "/data")
                // A short way to the same socket, for curl.
                symlink(long + "/data", place.data)
                let socket = place.data + "/control.sock"
                for _ in 0..<2 {
                    let server = Server(
                        try place.start(["serve", "--data", long + "/data", "--listen", "127.0.0.1:0"]))
                    try server.waitUntilReady()
                    #expect(Self.status(socket)?.st_mode == S_IFSOCK | 0o600)
                    #expect(try Self.curl(place, socket, "http://martlet/healthz").hasSuffix(" 200"))
                    let replayed = try place.martlet("replay", "--data", long + "/data")
                    #expect(replayed.status == 0, "\(replayed.errors)")
                    server.kill()
                    #expect(Self.status(socket) != nil)
                }
            }
        }

        @Test func `What is no socket stays, with a warning, and the server goes on without`() async throws {
            try await Workspace.run { place in
                try place.account("ada")
                try place.write("data/control.sock", "mine")
                let server = try place.serve()
                #expect(
                    server.process.errors.contains(
                        "/control.sock is a file and no socket, so it is left alone; move it away and start again. "
                            + "The server goes on without a control socket"))
                #expect(try server.connect("key-ada").call("GET", "/api/users/me").status == 200)
                let replayed = try place.martlet("replay", "--data", place.data)
                #expect(replayed.status == 1)
                #expect(replayed.errors.contains("it cannot be asked: nobody listens at "))
                #expect(try server.stop().status == 0)
                #expect(try place.read("data/control.sock") == "mine")
            }
        }

        @Test func `A server of the past makes no socket and leaves the present one alone`() async throws {
            try await Workspace.run { place in
                try place.account("ada")
                let present = try place.serve()
                let past = try place.serve("--as-of", "1")
                #expect(try past.stop().status == 0)
                #expect(try Self.curl(place, place.data + "/control.sock", "http://m/healthz").hasSuffix(" 200"))
                #expect(try present.stop().status == 0)
                let alone = try place.serve("--as-of", "1")
                #expect(Self.status(place.data + "/control.sock") == nil)
                #expect(try alone.stop().status == 0)
            }
        }

        @Test func `Who holds the directory and is no server is named`() async throws {
            try await Workspace.run { place in
                try place.account("ada")
                // An import that waits for its input.
                mkfifo(place.path + "/pipe", 0o600)
                let descriptor = open(place.path + "/pipe", O_RDWR)
                defer { close(descriptor) }
                let other = try place.start(["import", "--data", place.data, "-"], input: place.path + "/pipe")
                try wait(for: "the lock") { try place.read("data/lock") == "\(other.id)\n" }
                let replayed = try place.martlet("replay", "--data", place.data)
                #expect(replayed.status == 1)
                #expect(replayed.errors.contains("in use by process \(other.id)"))
                #expect(replayed.errors.contains("there is no control socket "))
                other.kill(SIGKILL)
            }
        }
    }
}
