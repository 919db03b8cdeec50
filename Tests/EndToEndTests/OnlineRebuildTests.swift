import ContractChecks
import FoundationEssentials
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// A running server rebuilds its read models: who uses it does not notice, and a kill at any moment is survived.
    @Suite struct OnlineRebuildTests {
        /// A community with an administrator.
        ///
        /// - Returns: the first of its users.
        private static func found(_ place: Workspace, commands: Int) throws -> [(handle: String, id: Int)] {
            let file = try place.generate(commands, seed: 3)
            let imported = try place.importFile(file, into: place.data, "--demo-keys", "--map", "map.tsv")
            try #require(imported.status == 0, "\(imported.errors)")
            try place.account("admin", role: "admin")
            let users = try place.read("map.tsv").split(separator: "\n").compactMap { line in
                let parts = line.split(separator: "\t")
                return parts[0].hasPrefix("u") ? (String(parts[0]), Int(parts[1]) ?? 0) : nil
            }
            return Array(users.prefix(200))
        }

        private static func generations(_ place: Workspace) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: place.data + "/views").sorted()
        }

        @Test func `Under load nothing fails, no position goes back, and the old generation's space is given back`()
            async throws
        {
            try await Workspace.run { place in
                let users = try Self.found(place, commands: 20_000)
                let server = try place.serve("--loops", "2")
                let load = Load(port: server.port, readers: 4, writers: 3, users: users)
                let before = try server.position()
                try wait(for: "some writes") { try server.position() > before + 20 }
                for number in 1...2 {
                    let rebuild = try server.rebuild()
                    #expect(rebuild?["state"] == .string("done"), "\(rebuild as Any)")
                    #expect(rebuild?["position"]?.integer ?? 0 > before)
                    #expect(try Self.generations(place) == ["\(number + 1)", "current"])
                    print("rebuild \(number): swap_milliseconds is \(rebuild?["swap_milliseconds"] ?? .null)")
                }
                let after = try server.position()
                try wait(for: "some more writes") { try server.position() > after + 20 }
                try wait(for: "the files of the old generations") {
                    server.removedFiles(below: place.data + "/views").isEmpty
                }
                let result = load.stop()
                #expect(result.failures == [])
                #expect(result.answers > 100)
                print("answers \(result.answers), the longest took \(result.longest)")
                #expect(try server.stop().status == 0)
                let digest = try place.digest(place.data)
                #expect(try place.rebuiltDigest(place.data) == digest)
            }
        }

        @Test func `After kill -9 in the middle of a rebuild one whole generation serves at once`() async throws {
            try await Workspace.run { place in
                let users = try Self.found(place, commands: 6000)
                var random = SplitMix64(seed: 17)
                var position = 0
                var server = try place.serve()
                // So long a rebuild takes here.
                let start = ContinuousClock.now
                try server.rebuild()
                let span = Int((.now - start) / .microseconds(1))
                for _ in 0..<8 {
                    let load = Load(port: server.port, readers: 1, writers: 2, users: users)
                    try wait(for: "some writes") { try server.position() > position + 5 }
                    let begun = try server.connect("key-admin").call("POST", "/admin/replay")
                    #expect(begun.status == 202)
                    usleep(UInt32(Int.random(in: 0...span, using: &random)))
                    position = try server.position()
                    server.kill()
                    _ = load.stop()
                    server = try place.serve()
                    // It goes on from what was in use, and builds nothing.
                    let projectors = try server.projectors()
                    #expect(projectors["rebuild"]?["state"] == .string("none"))
                    #expect(try server.position() >= position)
                    let generations = try Self.generations(place)
                    #expect(generations.count == 2)
                    #expect(try place.read("data/views/current") == generations[0] + "\n")
                }
                #expect(try server.stop().status == 0)
                let digest = try place.digest(place.data)
                #expect(try place.rebuiltDigest(place.data) == digest)
            }
        }

        @Test func `A projection that another program holds up is told of, and a second rebuild waits its turn`()
            async throws
        {
            try await Workspace.run { place in
                try place.account("admin", role: "admin")
                let server = try place.serve()
                let hold = try ViewsHold(place.data + "/views/1")
                let writer = try server.connect("key-admin")
                try writer.send("POST", "/api/tweets", "{\"tweet_data\": \"held up\"}")
                try wait(for: "the event") { try server.position() == 2 }
                let begun = try server.connect("key-admin").call("POST", "/admin/replay")
                #expect(begun.status == 202)
                #expect(begun.json?["rebuild"]?["state"] == .string("running"))
                let second = try server.connect("key-admin").call("POST", "/admin/replay")
                #expect(second.status == 409)
                #expect(second.errorType == "rebuild_running")
                try wait(for: "the watch") { server.process.errors.contains("have stood still at position 1 for ") }
                #expect(try server.projectors()["projectors"]?[0]?["state"] == .string("stalled"))
                hold.release()
                // Stored in any case, and shown in time if the machine is not too busy.
                #expect([201, 503].contains(try writer.read().status))
                try wait(for: "the watch") { server.process.errors.contains(" go on, after they stood still for ") }
                try wait(for: "the rebuild") {
                    try server.projectors()["rebuild"]?["state"] == .string("done")
                }
                #expect(try Self.generations(place) == ["2", "current"])
                #expect(try server.stop().status == 0)
                let digest = try place.digest(place.data)
                #expect(digest["position"] == .integer(2))
                #expect(try place.rebuiltDigest(place.data) == digest)
            }
        }

        @Test func `A rebuild that fails says why, and the server goes on with what it has`() async throws {
            try await Workspace.run { place in
                try place.account("admin", role: "admin")
                let server = try place.serve()
                // Something in the way of the next generation.
                try FileManager.default.createDirectory(
                    atPath: place.data + "/views/2/kept", withIntermediateDirectories: true)
                let failed = try server.rebuild()
                #expect(failed?["state"] == .string("failed"))
                #expect(failed?["reason"]?.string?.contains("cannot remove") == true)
                #expect(server.process.errors.contains("the rebuild of the read models was given up: cannot remove"))
                #expect(try server.connect("key-admin").call("GET", "/api/users/me").status == 200)
                try place.remove("data/views/2/kept")
                #expect(try server.rebuild()?["state"] == .string("done"))
            }
        }
    }
}
