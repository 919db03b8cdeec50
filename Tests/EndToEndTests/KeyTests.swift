import ContractChecks
import FoundationEssentials
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// Keys from outside: where they are, what is refused without them, and what a backup of them brings back.
    @Suite struct KeyTests {
        /// What a server shows to its first account.
        private func answers(_ place: Workspace) throws -> [String] {
            let server = try place.serve()
            let client = try server.connect("key-ann")
            let answers = try ["/api/tweets?limit=100", "/api/users/me"].map { try client.call("GET", $0) }
            #expect(answers.allSatisfy { $0.status == 200 })
            #expect(try server.stop().status == 0)
            return answers.map(\.text)
        }

        private func fill(_ place: Workspace) throws {
            try place.account("ann")
            try place.account("bob")
            let server = try place.serve()
            let client = try server.connect("key-ann")
            let answer = try client.call("POST", "/api/tweets", "{\"tweet_data\": \"the secret of ann\"}")
            #expect(answer.status == 201)
            #expect(try server.stop().status == 0)
        }

        @Test func `After a dead disk, backup and keys bring back everything`() async throws {
            try await Workspace.run { place in
                try fill(place)
                let expected = try answers(place)
                #expect(expected[0].contains("the secret of ann"))
                let chain = try place.backUp()["chain_head"]
                let keys = try place.keyOptions()
                try place.remove("data")
                let report = try place.json(of: ["restore", "--data", place.data, place.backup] + keys)
                #expect(report["accounts_without_key"] == .integer(0))
                #expect(report["chain_head"] == chain)
                #expect(try answers(place) == expected)
            }
        }

        @Test func `Without keys counts and chain are there, and names and texts shown as erased`() async throws {
            try await Workspace.run { place in
                try fill(place)
                let chain = try place.backUp("--with-views")["chain_head"]?.string ?? ""
                try place.remove("data")
                let restored = try place.martlet("restore", "--data", place.data, place.backup)
                #expect(restored.status == 0)
                #expect(restored.json?["accounts_without_key"] == .integer(2))
                #expect(restored.errors.contains("2 accounts have no key: their names and texts are shown as erased"))
                let shown = try answers(place)
                #expect(!shown.joined().contains("secret"))
                #expect(shown[1].contains("erased-1"))
                let verified = try place.martlet("verify", "--data", place.data, "--expect-chain", chain)
                #expect(verified.status == 0, "\(verified)")
                // A new account has a key, and is not among those.
                try place.account("cleo")
                #expect(try place.export(place.data).count == 4)
                #expect(try place.export(place.data)[3]["data"]?["handle"] == .string("cleo"))
            }
        }

        @Test func `Nothing that a person wrote lies open in the log, the keys, or a backup of either`() async throws {
            try await Workspace.run { place in
                try fill(place)
                _ = try place.backUp()
                let keys = try place.keyOptions()
                for file in ["\(place.data)/log/data.mdb", "\(place.data)/keys", place.backup, keys[1]] {
                    let bytes = try Data(contentsOf: URL(filePath: file))
                    for word in ["the secret of ann", "The ann", "handle/ann", "correct horse"] {
                        #expect(bytes.firstRange(of: Data(word.utf8)) == nil, "\(word) is in \(file)")
                    }
                }
            }
        }

        @Test func `Keys are backed up beside a server, for nobody else to read, and never over another file`()
            async throws
        {
            try await Workspace.run { place in
                try place.account("ann")
                let server = try place.serve()
                let keys = try place.keyOptions()
                var status = stat()
                #expect(stat(keys[1], &status) == 0 && status.st_mode & 0o777 == 0o600)
                let again = try place.martlet(
                    "keys", "backup", "--data", place.data, keys[1], "--passphrase-file", keys[3])
                #expect(again.status == 1)
                #expect(again.errors.contains("\(keys[1]) is there already"))
                try place.write("passphrase", "\n")
                let empty = try place.martlet(
                    "keys", "backup", "--data", place.data, place.path + "/2", "--passphrase-file", keys[3])
                #expect(empty.errors.contains("the first line of \(keys[3]) is empty"))
                #expect(try server.stop().status == 0)
            }
        }

        @Test func `Lost, wrong and readable keys are refused with what to do, by all who need them`() async throws {
            try await Workspace.run { place in
                try fill(place)
                let (data, key) = (place.data, place.data + "/master.key")
                func refusals() throws -> [String] {
                    try [
                        ["serve", "--data", data, "--listen", "127.0.0.1:0"], ["export", "--data", data],
                        ["account", "key", "--data", data, "--handle", "ann"], ["tail", "--data", data],
                        ["keys", "backup", "--data", data, place.path + "/x", "--passphrase-file", "/dev/fd/0"],
                        ["replay", "--data", data], ["verify", "--data", data], ["stats", "--data", data],
                        ["history", "--data", data, "@ann"], ["digest", "--data", data],
                        ["serve", "--data", data, "--listen", "127.0.0.1:0", "--as-of", "1"],
                    ].map { arguments in
                        let outcome = try place.start(arguments, input: try place.write("phrase", "x\n")).wait()
                        #expect(outcome.status == 1, "\(arguments): \(outcome)")
                        return outcome.errors
                    }
                }
                func expectAll(_ words: String) throws {
                    for message in try refusals() { #expect(message.contains(words), "\(message)") }
                }
                chmod(key, 0o640)
                try expectAll("run `chmod 600 \(key)`")
                chmod(key, 0o600)
                rename(key, key + ".away")
                try expectAll("the master key \(key) is missing")
                try place.write("data/master.key", String(repeating: "x", count: 32))
                chmod(key, 0o600)
                try expectAll("\(key) is the wrong master key")
                let elsewhere = try place.martlet("export", "--data", data, "--master-key-file", key + ".away")
                #expect(elsewhere.status == 0)
                rename(key + ".away", key)
                rename(data + "/keys", data + "/keys.away")
                try expectAll("the keys \(data)/keys are missing")
                rename(data + "/keys.away", data + "/keys")
                #expect(try place.export(data).count == 3)
            }
        }

        @Test func `The master key can lie elsewhere from the start, by an option or the environment`() async throws {
            try await Workspace.run { place in
                let key = place.path + "/key"
                let made = try place.martlet(
                    "account", "create", "--data", place.data, "--handle", "ann", "--name", "Ann",
                    "--master-key-file", key)
                #expect(made.status == 0)
                #expect(place.isThere(key) && !place.isThere(place.data + "/master.key"))
                let without = try place.martlet("export", "--data", place.data)
                #expect(without.errors.contains("the master key \(place.data)/master.key is missing"))
                let with = try place.martlet(
                    "export", "--data", place.data, environment: ["MARTLET_MASTER_KEY_FILE": key])
                #expect(with.status == 0)
                _ = try place.backUp()
                let (keys, other) = (place.path + "/k", place.path + "/other")
                let phrase = try place.write("passphrase", "x")
                _ = try place.json(
                    of: [
                        "keys", "backup", "--data", place.data, keys, "--passphrase-file", phrase, "--master-key-file",
                        key,
                    ])
                _ = try place.json(
                    of: [
                        "restore", "--data", place.restored, place.backup, "--keys", keys, "--passphrase-file", phrase,
                        "--master-key-file", other,
                    ])
                #expect(!place.isThere(place.restored + "/master.key"))
                let restored = try place.martlet("export", "--data", place.restored, "--master-key-file", other)
                #expect(restored.output == with.output)
            }
        }
    }
}
