import ContractChecks
import FoundationEssentials
import Glibc
import TestSupport
import Testing
import Threads

extension EndToEnd {
    /// Backups of the built program beside its server, and what they are restored to.
    @Suite struct BackupTests {
        /// Writes tweets with pictures and deletes most of them again, until it is told to stop.
        private static func churn(_ writer: Int, port: UInt16, isOver: Guarded<Bool>, failures: Guarded<[String]>) {
            do {
                let connection = try HTTPConnection(port: port, key: "key-w\(writer)")
                var number = 0
                var tweets: [Int] = []
                while !isOver.withLock({ $0 }) {
                    number += 1
                    let picture = Picture.png(writer * 1_000_000 + number, size: 5_000)
                    tweets.append(try connection.publish(picture, key: "key-w\(writer)"))
                    if tweets.count > 5 {
                        let deleted = try connection.call("DELETE", "/api/tweets/\(tweets.removeFirst())")
                        guard deleted.status == 200 else { throw Unexpected("\(deleted)") }
                    }
                }
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }

        /// Runs `body` beside a server that takes writes and deletions all the time.
        private func underLoad(_ place: Workspace, _ body: (Server) throws -> Void) throws {
            for writer in 0..<3 { try place.account("w\(writer)") }
            let server = try place.serve()
            let (isOver, failures) = (Guarded(false), Guarded<[String]>([]))
            let port = server.port
            let writers = (0..<3).map { writer in
                OwnedThread(name: "writer-\(writer)") {
                    Self.churn(writer, port: port, isOver: isOver, failures: failures)
                }
            }
            defer {
                isOver.withLock { $0 = true }
                for writer in writers { writer.join() }
            }
            try wait(for: "the first events") { try server.position() > 60 }
            try body(server)
            isOver.withLock { $0 = true }
            for writer in writers { writer.join() }
            #expect(failures.withLock { $0 } == [])
        }

        @Test(arguments: [[], ["--with-views"]])
        func `A backup under load is one moment of the server, with every file of it`(options: [String]) async throws {
            try await Workspace.run { place in
                var positions: [Int] = []
                try underLoad(place) { server in
                    for round in 0..<8 {
                        let before = try server.position()
                        let file = "\(place.path)/backup-\(round)"
                        let report = try place.json(of: ["backup", "--data", place.data, file] + options)
                        let position = report["position"]?.integer ?? 0
                        #expect(before <= position)
                        #expect(try position <= server.position())
                        #expect(report["missing_media_files"] == .integer(0))
                        #expect((report["media_files"]?.integer ?? 0) > 0)
                        positions.append(position)
                    }
                }
                let keys = try place.keyOptions()
                for (round, position) in positions.enumerated() {
                    let report = try place.json(
                        of: ["restore", "--data", place.restored, "\(place.path)/backup-\(round)"] + keys)
                    #expect(report["position"] == .integer(position))
                    #expect(report["missing_media_files"] == .integer(0))
                    try place.requireRestored(at: position)
                    try place.remove("restored")
                }
            }
        }

        @Test func `No file goes while a backup copies, and those of deleted tweets go when it ends`() async throws {
            try await Workspace.run { place in
                try place.account("ann")
                let server = try place.serve()
                let client = try server.connect("key-ann")
                var tweets: [Int] = []
                var picture = Picture.png(1, size: 1_500_000)
                for number in 0..<24 {
                    picture[1000] = UInt8(number)
                    tweets.append(try client.publish(picture, key: "key-ann"))
                }
                func files(_ data: String) throws -> Int {
                    try FileManager.default.subpathsOfDirectory(atPath: data + "/media").count { $0.count == 65 }
                }
                #expect(try files(place.data) == 24)
                let backup = try place.start(["backup", "--data", place.data, place.backup])
                try wait(for: "files to be copied") {
                    var status = stat()
                    return stat(place.backup + ".part", &status) == 0 && status.st_size > 1_000_000 || backup.hasEnded
                }
                // The files that are copied last go first.
                var deleted = 0
                while !backup.hasEnded, let tweet = tweets.popLast() {
                    #expect(try client.call("DELETE", "/api/tweets/\(tweet)").status == 200)
                    if !backup.hasEnded { deleted += 1 }
                }
                let outcome = try backup.wait()
                #expect(outcome.status == 0, "\(outcome.errors)")
                #expect(outcome.json?["media_files"] == .integer(24))
                #expect(deleted > 0)
                try wait(for: "the files of the deleted tweets to go") { try files(place.data) == tweets.count }
                #expect(try place.restore()["media_files"] == .integer(24))
                #expect(try files(place.restored) == 24)
            }
        }

        @Test func `A restored server serves what it served, files too, and goes on`() async throws {
            try await Workspace.run { place in
                try underLoad(place) { _ in }
                var server = try #require(place.latestServer)
                #expect(try server.stop().status == 0)
                let report = try place.backUp("--with-views")
                server = try place.serve()
                func answers(_ server: Server) throws -> [Answer] {
                    let client = try server.connect("key-w0")
                    let feed = try client.call("GET", "/api/tweets?limit=100")
                    let files = feed.text.matches(of: /\/media\/[0-9a-f]{64}\.png/).map { String($0.output) }
                    #expect(!files.isEmpty)
                    return [feed] + (try files.map { try client.call("GET", $0) })
                }
                let expected = try answers(server)
                #expect(expected.allSatisfy { $0.status == 200 })
                #expect(try server.stop().status == 0)
                let (kept, original) = (place.restored, place.data)
                #expect(try place.restore()["chain_head"] == report["chain_head"])
                #expect(try place.digest(kept) == place.digest(original))
                rename(original, place.path + "/original")
                rename(kept, original)
                server = try place.serve()
                #expect(try answers(server).map(\.body) == expected.map(\.body))
                let answer = try server.connect("key-w1").call("POST", "/api/tweets", "{\"tweet_data\": \"on\"}")
                #expect(answer.json?["tweet_id"]?.integer == (report["position"]?.integer ?? 0) + 1)
            }
        }

        @Test func `A backup of yesterday brings back any moment up to it`() async throws {
            try await Workspace.run { place in
                let file = try place.generate(2_000)
                #expect(try place.importFile(file, into: place.data).status == 0)
                let whole = try place.backUp()["position"]?.integer ?? 0
                let events = try place.export(place.data)
                for position in [1, 2, 700, whole - 1] {
                    let report = try place.restore("--until", "\(position)")
                    #expect(report["position"] == .integer(position))
                    #expect(report["identity"] != events.first)
                    try place.requireRestored(at: position)
                    try place.remove("restored")
                }
                let time = events[899]["time"]?.string ?? ""
                let position = try #require(events.lastIndex { ($0["time"]?.string ?? "") <= time }) + 1
                #expect(try place.restore("--until", time)["position"] == .integer(position))
                try place.requireRestored(at: position)
                try place.remove("restored")
                let beyond = try place.martlet(
                    "restore", "--data", place.restored, place.backup, "--until", "\(whole + 1)")
                #expect(beyond.status == 1)
                #expect(beyond.errors.contains("position \(whole + 1) is beyond the newest event"))
                #expect(beyond.errors.contains("at position \(whole) "))
                let early = try place.martlet(
                    "restore", "--data", place.restored, place.backup, "--until", "2001-01-01T00:00:00Z")
                #expect(early.status == 1)
                #expect(early.errors.contains("2001-01-01T00:00:00.000Z is before the first event"))
                #expect(early.errors.contains(events[0]["time"]?.string ?? "?"))
                let zero = try place.martlet("restore", "--data", place.restored, place.backup, "--until", "0")
                #expect(zero.status == 2)
                #expect(zero.errors.contains("a position from 1 on, or a time such as"))
                #expect(!place.isThere(place.restored))
            }
        }

        @Test(arguments: [2 as Int32, 15, 9])
        func `A backup that a signal ends leaves no file, and a killed one only what the next writes over`(
            signal: Int32
        ) async throws {
            try await Workspace.run { place in
                let file = try place.generate(6_000)
                #expect(try place.importFile(file, into: place.data).status == 0)
                let server = try place.serve()
                var random = SplitMix64(seed: UInt64(signal))
                for _ in 0..<12 {
                    let backup = try place.start(["backup", "--data", place.data, place.backup, "--with-views"])
                    try wait(for: "the backup to begin") {
                        place.isThere(place.backup + ".part") || backup.hasEnded
                    }
                    usleep(UInt32.random(in: 0...60_000, using: &random))
                    backup.kill(signal)
                    let outcome = try backup.wait()
                    if outcome.status == 0 {
                        #expect(try place.names == ["backup", "community.jsonl", "data"])
                        try place.remove("backup")
                    } else if signal == 9 {
                        #expect(outcome.status == -9)
                        // Killed after it got its name, it is whole.
                        guard place.isThere(place.backup) else { continue }
                        _ = try place.restore()
                        try place.remove("restored")
                        try place.remove("backup")
                    } else {
                        #expect(outcome.status == 1)
                        #expect(outcome.errors.contains("interrupted"))
                        #expect(try place.names == ["community.jsonl", "data"])
                    }
                }
                let answer = try server.connect("test").call("POST", "/api/tweets", "{\"tweet_data\": \"hello\"}")
                #expect([200, 201, 401].contains(answer.status))
                let position = try place.backUp()["position"]?.integer ?? 0
                _ = try place.restore()
                try place.requireRestored(at: position)
            }
        }

        @Test func `A restore killed at any moment is refused until it is run again`() async throws {
            try await Workspace.run { place in
                let file = try place.generate(6_000)
                #expect(try place.importFile(file, into: place.data).status == 0)
                let position = try place.backUp("--with-views")["position"]?.integer ?? 0
                let keys = try place.keyOptions()
                var random = SplitMix64(seed: 3)
                var unfinished = 0
                for _ in 0..<16 {
                    let restore = try place.start(["restore", "--data", place.restored, place.backup] + keys)
                    try wait(for: "the restore to begin") {
                        place.isThere(place.restored + "/lock") || restore.hasEnded
                    }
                    usleep(UInt32.random(in: 0...400_000, using: &random))
                    restore.kill(SIGKILL)
                    let outcome = try restore.wait()
                    let tail = try place.martlet("tail", "--data", place.restored)
                    let serve = try place.martlet("account", "revoke", "--data", place.restored, "--key", "none")
                    if place.isThere(place.restored + "/log/head") {
                        #expect(tail.status == 0)
                        try place.requireRestored(at: position)
                        try place.remove("restored")
                    } else {
                        #expect(outcome.status == -9)
                        #expect(tail.status == 1)
                        unfinished += place.isThere(place.restored + "/restoring") ? 1 : 0
                        if place.isThere(place.restored + "/restoring") {
                            for refused in [tail, serve] {
                                #expect(refused.status == 1)
                                #expect(
                                    refused.errors.contains("a restore into \(place.restored) was not finished"),
                                    "\(refused.errors)")
                            }
                        } else {
                            // It was killed before it began, so the subcommand has begun a log of its own there.
                            try place.remove("restored")
                        }
                    }
                }
                #expect(unfinished > 0)
                if place.isThere(place.restored + "/log/head") { try place.remove("restored") }
                _ = try place.restore()
                try place.requireRestored(at: position)
            }
        }

        @Test func `What a killed process was reading is given back to the server`() async throws {
            try await Workspace.run { place in
                let file = try place.generate(6_000)
                #expect(try place.importFile(file, into: place.data).status == 0)
                try place.account("ann")
                let server = try place.serve()
                let readers = place.data + "/log/lock.mdb"
                var random = SplitMix64(seed: 5)
                var killed: Int32 = 0
                try wait(for: "a backup to be killed while it reads") {
                    let backup = try place.start(["backup", "--data", place.data, place.backup])
                    try wait(for: "the backup to begin") { place.isThere(place.backup + ".part") || backup.hasEnded }
                    usleep(UInt32.random(in: 0...20_000, using: &random))
                    backup.kill(SIGKILL)
                    killed = backup.id
                    try? place.remove("backup")
                    return try LockFile(readers).processes.contains(killed)
                }
                let answer = try server.connect("key-ann").call("POST", "/api/tweets", "{\"tweet_data\": \"hello\"}")
                #expect(answer.status == 201)
                // The server looks for such readers whenever it commits to the tables.
                try wait(for: "the dead reader to be forgotten") { try !LockFile(readers).processes.contains(killed) }
            }
        }

        @Test func `A directory that is not empty, a damaged file and a full disk change nothing`() async throws {
            try await Workspace.run { place in
                let file = try place.generate(500)
                #expect(try place.importFile(file, into: place.data).status == 0)
                let digest = try place.digest(place.data)
                _ = try place.backUp()
                let again = try place.martlet("backup", "--data", place.data, place.backup)
                #expect(again.status == 1)
                #expect(again.errors.contains("\(place.backup) is there already"))
                let full = try place.martlet("restore", "--data", place.data, place.backup)
                #expect(full.status == 1)
                #expect(full.errors.contains("\(place.data) is not empty, it holds keys; nothing was changed"))
                #expect(try place.digest(place.data) == digest)

                var bytes = try Data(contentsOf: URL(filePath: place.backup))
                bytes[bytes.count / 2] ^= 16
                try bytes.write(to: URL(filePath: place.path + "/flipped"))
                try bytes.prefix(bytes.count / 2).write(to: URL(filePath: place.path + "/cut"))
                for (name, words) in [("flipped", "is damaged between the bytes"), ("cut", "it was cut off")] {
                    let refused = try place.martlet("restore", "--data", place.restored, "\(place.path)/\(name)")
                    #expect(refused.status == 1)
                    #expect(refused.errors.contains(words), "\(refused.errors)")
                    #expect(refused.errors.contains("copy the file again"))
                    #expect(refused.output.isEmpty)
                    #expect(!place.isThere(place.restored))
                }
            }
        }

        @Test(.enabled(if: geteuid() == 0, "a small file system can be mounted by root only"))
        func `A disk that fills up leaves neither half a backup nor half a directory`() async throws {
            try await Workspace.run { place in
                let file = try place.generate(3_000)
                #expect(try place.importFile(file, into: place.data).status == 0)
                _ = try place.backUp()
                let disk = place.path + "/disk"
                mkdir(disk, 0o700)
                guard mount("tmpfs", disk, "tmpfs", 0, "size=400k") == 0 else { return }
                defer { umount(disk) }
                let backup = try place.martlet("backup", "--data", place.data, disk + "/backup")
                #expect(backup.status == 1)
                #expect(backup.errors.contains("No space left on device"), "\(backup.errors)")
                let restore = try place.martlet("restore", "--data", disk + "/data", place.backup)
                #expect(restore.status == 1)
                #expect(restore.errors.contains("there is no room in \(disk)/data"), "\(restore.errors)")
                #expect(try FileManager.default.contentsOfDirectory(atPath: disk) == [])
            }
        }
    }
}

extension HTTPConnection {
    /// Publishes a tweet with a picture.
    ///
    /// - Returns: its id.
    func publish(_ picture: [UInt8], key: String) throws -> Int {
        let form = MultipartForm("file", picture).body
        let head =
            "POST /api/medias HTTP/1.1\r\nHost: test\r\napi-key: \(key)\r\nContent-Length: "
            + "\(form.count)\r\nContent-Type: \(MultipartForm.contentType)\r\n\r\n"
        try send(Array(head.utf8) + form)
        let media = try read().json?["media_id"]?.integer ?? 0
        let body = "{\"tweet_data\": \"a picture\", \"tweet_media_ids\": [\(media)]}"
        let answer = try call("POST", "/api/tweets", body)
        guard let tweet = answer.json?["tweet_id"]?.integer else { throw Unexpected("\(answer)") }
        return tweet
    }
}

/// LMDB's table of readers: from byte 128 on 64 bytes for each, with the transaction (8) and the process (4).
struct LockFile {
    /// The processes that have a place.
    let processes: Set<Int32>

    init(_ path: String) throws {
        let bytes = Array(try Data(contentsOf: URL(filePath: path)))
        processes = bytes.withUnsafeBytes { bytes in
            Set(
                stride(from: 128, to: bytes.count - 64, by: 64).map {
                    bytes.loadUnaligned(fromByteOffset: $0 + 8, as: Int32.self)
                })
        }
    }
}
