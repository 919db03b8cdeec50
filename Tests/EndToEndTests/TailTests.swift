import ContractChecks
import Glibc
import Testing
import Threads

extension EndToEnd {
    /// Events on standard output, beside a server that goes on writing.
    @Suite struct TailTests {
        private func positions(_ output: String) -> [Int] {
            Outcome(status: 0, output: output, errors: "").jsonLines.map { $0?["position"]?.integer ?? 0 }
        }

        @Test func `Tail shows the last ten events, or those from a position on, as export writes them`() async throws {
            try await Workspace.run { place in
                let file = try place.generate(300)
                #expect(try place.importFile(file, into: place.data).status == 0)
                let all = try place.martlet("export", "--data", place.data).output.split(separator: "\n")
                let ten = try place.martlet("tail", "--data", place.data)
                #expect(ten.status == 0)
                #expect(ten.output.split(separator: "\n") == all.suffix(10))
                let some = try place.martlet("tail", "--data", place.data, "--from", "\(all.count - 24)")
                #expect(some.output.split(separator: "\n") == all.suffix(25))
                let beyond = try place.martlet("tail", "--data", place.data, "--from", "\(all.count + 1)")
                #expect(beyond.status == 1)
                #expect(beyond.output.isEmpty)
                let message = "--from \(all.count + 1) is beyond the log's newest position, \(all.count)"
                #expect(beyond.errors.contains(message), "\(beyond.errors)")
                let far = try place.martlet("tail", "--data", place.data, "--from", "99999", "--follow")
                #expect(far.status == 1)
                #expect(far.errors.contains("99999") && far.errors.contains("\(all.count)"))
            }
        }

        @Test(arguments: [15 as Int32, 2])
        func `A following tail gives every event of a writing server once, until a signal`(signal: Int32) async throws {
            try await Workspace.run { place in
                for writer in 0..<4 { try place.account("w\(writer)") }
                let tail = try place.start(["tail", "--data", place.data, "--from", "1", "--follow"])
                let server = try place.serve()
                let port = server.port
                let failures = Guarded(0)
                let writers = (0..<4).map { writer in
                    OwnedThread(name: "writer-\(writer)") {
                        let connection = try? HTTPConnection(port: port, key: "key-w\(writer)")
                        for number in 0..<100 {
                            let body = "{\"tweet_data\": \"\(writer) \(number)\"}"
                            let answer = try? connection?.call("POST", "/api/tweets", body)
                            if answer?.status != 201 { failures.withLock { $0 += 1 } }
                        }
                    }
                }
                for writer in writers { writer.join() }
                #expect(failures.withLock { $0 } == 0)
                try wait(for: "the last event") { positions(tail.written).last == 404 }
                // A server that stops, and another one that starts, make no difference.
                #expect(try server.stop().status == 0)
                let second = try place.serve()
                let answer = try second.connect("key-w0").call("POST", "/api/tweets", "{\"tweet_data\": \"again\"}")
                #expect(answer.status == 201)
                try wait(for: "an event of the second server") { positions(tail.written).last == 405 }
                tail.kill(signal)
                let outcome = try tail.wait()
                #expect(outcome.status == 0)
                #expect(outcome.errors.isEmpty, "\(outcome.errors)")
                #expect(positions(outcome.output) == Array(1...405))
                #expect(try place.martlet("export", "--data", place.data).output == outcome.output)
                let next = try place.martlet("tail", "--data", place.data, "--from", "400")
                #expect(positions(next.output) == Array(400...405))
            }
        }

        @Test func `A closed pipe ends tail and export quietly, also when nothing more comes`() async throws {
            try await Workspace.run { place in
                let file = try place.generate(2_000)
                #expect(try place.importFile(file, into: place.data).status == 0)
                for command in ["tail --from 1", "tail --follow", "export", "history account/1"] {
                    let words = command.split(separator: " ")
                    let rest = words.dropFirst().joined(separator: " ")
                    let line =
                        "{ '\(Process.program)' \(words[0]) --data '\(place.data)' \(rest); echo $? >&2; } | head -n 1"
                    let outcome = try Process(["-c", line], in: place.path, program: "/bin/sh").wait()
                    #expect(outcome.status == 0)
                    #expect(outcome.errors == "0\n", "\(command): \(outcome.errors)")
                    #expect(positions(outcome.output).count == 1)
                }
            }
        }

        @Test func `A stalled reader does not keep a signal from ending a following tail`() async throws {
            try await Workspace.run { place in
                let file = try place.generate(2_000)
                #expect(try place.importFile(file, into: place.data).status == 0)
                // The pipe takes 64 KiB of some 400, and of these one line is read before the tail has ended.
                let line = """
                    { sh -c 'echo $$ > id; exec "$@"' - '\(Process.program)' tail --data '\(place.data)' --from 1 --follow;
                    echo $? > status; } | \
                    { read line; echo > begun; while [ ! -s status ]; do sleep 0.01; done; }
                    """
                let shell = try Process(["-c", line], in: place.path, program: "/bin/sh")
                try wait(for: "the first line") { (try? place.read("begun")) == "\n" }
                kill(try #require(Int32(place.read("id").dropLast())), SIGTERM)
                #expect(try shell.wait().status == 0)
                #expect(try place.read("status") == "0\n")
            }
        }

        @Test func `History shows what happened to an entity, beside a server, and says what never existed`()
            async throws
        {
            try await Workspace.run { place in
                let ann = try place.account("ann")
                let bob = try place.account("bob")
                let server = try place.serve()
                let answer = try server.connect("key-ann").call("POST", "/api/tweets", "{\"tweet_data\": \"hello\"}")
                let post = answer.json?["tweet_id"]?.integer ?? 0
                _ = try server.connect("key-bob").call("POST", "/api/tweets/\(post)/likes")
                _ = try server.connect("key-bob").call("POST", "/api/users/\(ann)/follow")
                func history(_ entity: String) throws -> [Int] {
                    let outcome = try place.martlet("history", "--data", place.data, entity)
                    #expect(outcome.status == 0, "\(outcome.errors)")
                    return positions(outcome.output)
                }
                #expect(try history("post/\(post)") == [3, 4])
                #expect(try history("account/\(ann)") == [1, 3, 5])
                #expect(try history("@ann") == [1, 3, 5])
                #expect(try history("handle/bob") == [bob, 4, 5])
                let lines = try place.martlet("history", "--data", place.data, "post/3").jsonLines
                #expect(lines.map { $0?["actor"]?.integer } == [ann, bob])
                #expect(lines.map { $0?["type"]?.string } == ["post_published", "post_liked"])
                let none = try place.martlet("history", "--data", place.data, "post/812")
                #expect(none.status == 1)
                #expect(none.errors.contains("there never was post/812: the newest event of the log is at position 5"))
                let wrong = try place.martlet("history", "--data", place.data, "posts/3")
                #expect(wrong.status == 2)
                #expect(wrong.errors.contains("\"posts/3\" is not an entity such as post/812"))
            }
        }
    }
}
