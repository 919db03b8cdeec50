import EventLog
import Microblog
import Projections
import Testing

@testable import Application

/// An import that was broken off is started again, and everything is there once.
@Suite struct ImportResumeTests {
    private func oneGo() async throws -> (export: [String], names: [String]) {
        let data = DataOfTest()
        let names = try await data.open { martlet in try ImportFile.small.run(martlet).names }
        return (try data.export(), names)
    }

    @Test func `A break at any line is made good`() async throws {
        let whole = try await oneGo()
        for count in 0...ImportFile.small.lines.count {
            let data = DataOfTest()
            try await data.open { martlet in
                // Not finished: whatever waits when the program ends is completed by `close`.
                try ImportFile.small.prefix(count).add(to: Importer(martlet))
            }
            try await data.open { martlet in
                let importer = try ImportFile.small.run(martlet)
                #expect(importer.progress.known == count)
                #expect(importer.progress.lines == 14)
                #expect(importer.names == whole.names)
            }
            #expect(try data.export() == whole.export, "broken off after line \(count)")
        }
    }

    @Test func `A file that begins alike but differs is refused with nothing after the difference`() async throws {
        let data = DataOfTest()
        try await data.open { martlet in
            try ImportFile.small.prefix(10).run(martlet)
            let head = martlet.newest.position
            var other = ImportFile.small.replacing(
                line: 4, by: #"{"at":"2012-07-01T00:00:03Z","do":"like","user":"u2","post":"p1"}"#)
            let failure = try #require(other.failure(martlet))
            #expect(failure.line == 4)
            #expect(failure.description.contains("--name"))
            // The lines after the tenth are new to the log; they follow a line that is not in it.
            #expect(martlet.newest.position == head)
            // Under a name of its own it is another import, whose handles are taken.
            var options = ImportOptions()
            options.name = "other"
            options.clampTimes = true
            #expect(other.failure(martlet, options)?.line == 1)
            other.lines.removeFirst(2)
            #expect(other.failure(martlet, options)?.reason.contains("\"u1\"") == true)
            #expect(martlet.newest.position == head)
        }
    }

    @Test func `A line that was mended is taken with all after it`() async throws {
        let whole = try await oneGo()
        let data = DataOfTest()
        try await data.open { martlet in
            let broken = ImportFile.small.replacing(line: 7, by: #"{"at":"2012-07-01T00:00:06Z","do":"lik"}"#)
            #expect(broken.failure(martlet)?.line == 7)
            #expect(martlet.newest.position == 6)
        }
        try await data.open { martlet in
            let importer = try ImportFile.small.run(martlet)
            #expect(importer.progress.known == 6)
            #expect(importer.progress.events == 7)
        }
        #expect(try data.export() == whole.export)
    }

    @Test func `A log without room stops the import and a later one goes on`() async throws {
        let text = String(repeating: "all work and no play ", count: 40)
        var file = ImportFile(lines: [ImportFile.small.lines[0]])
        for number in 0..<3_000 {
            let reply = number > 0 ? #","reply_to":"p\#(number - 1)""# : ""
            file.lines.append(
                #"{"at":"2012-07-02T00:00:00Z","do":"post","user":"u1","post":"p\#(number)","text":"\#(text)"\#(reply)}"#
            )
        }
        let data = DataOfTest()
        var small = MartletConfiguration()
        small.mapSize = 2 << 20
        // So that the tables are full while lines are still coming.
        small.writing.batchLimit = 100
        small.writing.applyEvents = 100
        small.writing.unappliedEvents = 300
        let failure = try await data.open(small) { martlet in
            let failure = file.failure(martlet)
            #expect(martlet.newest.position < 3_000)
            #expect(failure?.line == Int(martlet.newest.position) + 1)
            return try #require(failure)
        }
        #expect(failure.reason.contains("MDB_MAP_FULL"))
        try await data.open { martlet in
            let importer = try file.run(martlet)
            #expect(importer.progress.known == failure.line - 1)
            #expect(martlet.newest.position == 3_001)
            for event in try martlet.events().dropFirst(2) {
                guard case .postPublished(let published) = event.event else { continue }
                #expect(published.replyTo == PostID(event.position - 1))
            }
        }
    }
}
