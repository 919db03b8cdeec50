import ContractChecks
import FoundationEssentials
import Testing

extension EndToEnd {
    /// Proving, with the built program, what is whole and what somebody damaged.
    @Suite struct VerifyCommandTests {
        private func verify(_ place: Workspace, _ more: String...) throws -> Outcome {
            try place.start(["verify", "--data", place.data] + more).wait()
        }

        private func chain(_ outcome: Outcome) throws -> String {
            let match = try #require(outcome.output.firstMatch(of: /chain +([0-9a-f]{64}) at position/))
            return String(match.output.1)
        }

        /// Everything in the data directory, but for what LMDB's readers enter in its lock files.
        private func contents(_ place: Workspace) throws -> [String: Data] {
            var contents: [String: Data] = [:]
            for name in try FileManager.default.subpathsOfDirectory(atPath: place.data)
            where !name.hasSuffix("lock.mdb") {
                contents[name] = FileManager.default.contents(atPath: place.data + "/" + name)
            }
            return contents
        }

        private func filled(_ place: Workspace, seed: Int) throws {
            let imported = try place.importFile(try place.generate(2000, seed: seed), into: place.data)
            try #require(imported.status == 0, "\(imported.errors)")
        }

        @Test func `A whole data directory is proven and left as it is, beside a server too`() async throws {
            try await Workspace.run { place in
                try filled(place, seed: 21)
                try place.account("author")
                let before = try contents(place)
                let alone = try verify(place)
                try #require(alone.status == 0, "\(alone)")
                #expect(alone.output.contains(" events, "))
                #expect(alone.output.contains("commands: sound\n"))
                #expect(alone.output.components(separatedBy: "equal: ").count == 7)
                var after = try contents(place)
                after["scratch"] = nil
                #expect(after.keys.sorted() == before.keys.sorted())
                #expect(after == before)

                let server = try place.serve()
                let writer = try server.connect("key-author")
                for number in 0..<20 {
                    _ = try writer.call("POST", "/api/tweets", "{\"tweet_data\": \"number \(number)\"}")
                }
                let beside = try verify(place, "--expect-chain", try chain(alone))
                try #require(beside.status == 0, "\(beside)")
                #expect(beside.output.contains("expected      \(try chain(alone)) at position "))
                #expect(try chain(beside) != chain(alone))
                let other = try verify(place, "--quick", "--expect-chain", String(repeating: "ab", count: 32))
                #expect(other.status == 1)
                #expect(other.output.contains("nowhere"))
                #expect(!other.output.contains("read models"))
            }
        }

        @Test func `A flipped bit of a record is found by its position, and a server refuses to be misled`()
            async throws
        {
            try await Workspace.run { place in
                try place.account("author")
                let server = try place.serve()
                let writer = try server.connect("key-author")
                for text in ["before", "the one", "after"] {
                    _ = try writer.call("POST", "/api/tweets", "{\"tweet_data\": \"\(text)\"}")
                }
                #expect(try server.stop().status == 0)
                var log = try Data(contentsOf: URL(filePath: place.data + "/log/data.mdb"))
                // The text is sealed. The record's stream, with its version and length before it, is not.
                let stream = [0, 0, 0, 0, 0, 0, 0, 1, 0, 6] + Array("post/3".utf8)
                let starts = log.indices.dropLast(stream.count).filter {
                    log[$0 + 9] == 6 && log[$0...].starts(with: stream)
                }
                try #require(!starts.isEmpty)
                // Old pages may hold a copy; whichever is in use, it is changed.
                for start in starts { log[start] ^= 1 }
                try log.write(to: URL(filePath: place.data + "/log/data.mdb"))
                let before = try contents(place)
                let found = try verify(place)
                #expect(found.status == 1)
                #expect(
                    found.output.contains("position 3: the record's checksum is wrong; restore a backup"), "\(found)")
                #expect(found.output.contains("read models   not checked"))
                #expect(try contents(place).filter { $0.key != "scratch" } == before)
            }
        }

        @Test(arguments: ["emptied", "cut short", "zeroed", "headless"])
        func `A log that cannot be one is refused in words`(damage: String) async throws {
            try await Workspace.run { place in
                try filled(place, seed: 22)
                let file = place.data + "/log/data.mdb"
                var log = try Data(contentsOf: URL(filePath: file))
                switch damage {
                case "emptied": log = Data()
                case "cut short": log = log.prefix(log.count / 2)
                case "zeroed": log.replaceSubrange(0..<8192, with: Data(count: 8192))
                default: try FileManager.default.removeItem(atPath: place.data + "/log/head")
                }
                try log.write(to: URL(filePath: file))
                let before = try contents(place)
                for arguments in [
                    ["verify"], ["verify", "--quick"], ["replay", "--into", place.path + "/into"],
                    ["serve", "--as-of", "10"], ["replay"],
                ] {
                    let outcome = try place.start(
                        [arguments[0], "--data", place.data] + arguments.dropFirst()
                    ).wait()
                    #expect(outcome.status == 1, "\(arguments): \(outcome)")
                    let words = outcome.errors + outcome.output
                    #expect(words.contains("estore"), "\(arguments): \(outcome)")
                    #expect(!words.contains("Fatal error"))
                }
                let kept = try contents(place).filter { $0.key != "scratch" && $0.key != "lock" }
                #expect(kept == before.filter { $0.key != "lock" }, "\(damage)")
                #expect(!FileManager.default.fileExists(atPath: place.path + "/into/views/current"))
            }
        }
    }
}
