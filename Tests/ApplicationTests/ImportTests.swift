import FoundationEssentials
import Microblog
import PlainMicroblog
import PlainViews
import Projections
import Testing

@testable import Application

/// A good file: what is in it is in the log, with the file's own times, and can be seen.
@Suite struct ImportTests {
    private let data = DataOfTest()

    @Test func `Every action brings about its event`() async throws {
        try await data.open { martlet in
            let importer = try ImportFile.small.run(martlet)
            #expect(importer.progress.lines == 14)
            #expect(importer.progress.events == 13)
            #expect(importer.progress.known == 0)
            #expect(importer.names == ["u1 1", "u2 2", "p1 3", "p2 4", "p3 6", "m1 5"])
            await martlet.catchUp()
            #expect(try martlet.plainViews().differences(from: martlet.views) == [])
            try martlet.views.read { views in
                let account = try #require(try views.account(AccountID(1)))
                #expect(String(decoding: account.name, as: UTF8.self) == "Zesty Maple")
                #expect(Timestamp(account.time).description == "2012-07-01T00:00:01.000Z")
                #expect(try views.account(with: AccessKey("a-key-of-u1")!.hash) == AccountID(1))
                #expect(try views.account(AccountID(2)).map { String(decoding: $0.name, as: UTF8.self) } == "u2")
                let post = try #require(try views.post(PostID(6)))
                #expect(post.likes == 1)
                let file = try post.attachment(at: 0)
                #expect(try martlet.media.read(file.content) == Array("GIF89a and some more".utf8))
                #expect(try views.post(PostID(4)) == nil)
                #expect(try views.follow(of: AccountID(1), by: AccountID(2)) == 10)
            }
        }
        let export = try data.export()
        #expect(export.count == 13)
        #expect(export[3].contains(#""time":"2012-07-01T00:00:03.500Z""#))
        #expect(export[12].contains(#""time":"2012-07-01T00:00:12.000Z""#))
    }

    @Test func `An account that is renamed keeps its name in the file, and a held handle waits by the file's times`()
        async throws
    {
        let lines = [
            #"{"at":"2012-07-01T00:00:00Z","do":"register","user":"u1"}"#,
            #"{"at":"2012-07-01T00:00:00Z","do":"register","user":"u2"}"#,
            #"{"at":"2012-07-01T00:00:01Z","do":"rename","user":"u1","name":"Zesty Oak","handle":"Zesty"}"#,
            #"{"at":"2012-07-01T00:00:02Z","do":"follow","user":"u2","target":"u1"}"#,
            #"{"at":"2012-07-31T00:00:01Z","do":"register","user":"u1"}"#,
            #"{"at":"2012-07-31T00:00:02Z","do":"follow","user":"u2","target":"u1"}"#,
        ]
        try await data.open { martlet in
            let early = lines[4].replacing("00:00:01Z", with: "00:00:00.999Z")
            let failure = try #require(ImportFile(lines: Array(lines[..<4]) + [early]).failure(martlet))
            #expect(failure.line == 5)
            #expect(failure.reason.contains("free for others from 2012-07-31T00:00:01.000Z on"), "\(failure)")
            #expect(try ImportFile(lines: lines).run(martlet).names == ["u2 2", "u1 5"])
        }
        let export = try data.export()
        #expect(
            export[2].contains(
                #""type":"account_changed","actor":1,"streams":{"name/1":1,"handle/zesty":1,"handle/u1":2},"#
                    + #""data":{"account":1,"handle":"zesty","previous_handle":"u1","name":"Zesty Oak"}"#))
        #expect(export[3].contains(#""data":{"account":1}"#))
        #expect(export[5].contains(#""data":{"account":5}"#))
    }

    @Test func `The export has the counts of the file`() async throws {
        let counts = try await data.open { martlet in
            try ImportFile.small.run(martlet)
            return try martlet.eventsByType().filter { $0.count > 0 }
        }
        let export = try EventReader(dataDirectory: data.path)
        #expect(
            Dictionary(uniqueKeysWithValues: counts.map { ($0.type.name, $0.count) }) == [
                "account_registered": 2, "post_published": 3, "post_deleted": 1, "media_uploaded": 1,
                "post_liked": 2, "post_unliked": 1, "account_followed": 2, "account_unfollowed": 1,
            ])
        var position: UInt64 = 0
        try export.lines { line in
            let event = try JSONDecoder().decode(ExportedEvent.self, from: Data(line))
            position += 1
            #expect(event.position == position)
            #expect(!event.streams.isEmpty)
            #expect(Timestamp(event.time) != nil)
            #expect(line.last == UInt8(ascii: "\n"))
        }
        #expect(try export.newest == position)
        var some: [String] = []
        try export.lines(from: 4, until: 6) { some.append(String(decoding: $0, as: UTF8.self)) }
        #expect(some.count == 3)
        #expect(some[0].hasPrefix(#"{"position":4,"#))
        try export.lines(from: 14) { _ in Issue.record("there is no event 14") }
    }

    private struct ExportedEvent: Decodable {
        let position: UInt64
        let time: String
        let type: String
        let actor: UInt64
        let streams: [String: UInt64]
    }

    @Test func `Demo keys are for accounts without a key of their own`() async throws {
        try await data.open { martlet in
            var options = ImportOptions()
            options.demoKeys = true
            try ImportFile.small.run(martlet, options)
            await martlet.catchUp()
            try martlet.views.read { views in
                let accounts = try ["key-u1", "key-u2"].map { try views.account(with: AccessKey($0)!.hash) }
                #expect(accounts == [nil, AccountID(2)])
            }
        }
    }

    @Test func `Blank lines and line ends of either kind make no difference`() async throws {
        try await data.open { martlet in
            try ImportFile.small.run(martlet)
            let lines = ImportFile.small.lines.flatMap { ["", $0 + "\r", " \t\r"] }
            let again = try ImportFile(lines: lines).run(martlet)
            #expect(again.progress.known == 14)
            #expect(martlet.newest.position == 13)
            // The numbers of lines are those that an editor shows.
            let bad = ImportFile(lines: ["", "\r", "no"])
            #expect(bad.failure(martlet)?.line == 3)
        }
    }

    @Test func `An empty file is not an error`() async throws {
        try await data.open { martlet in
            let importer = try ImportFile(lines: []).run(martlet)
            #expect(importer.progress.lines == 0)
            #expect(importer.names == [])
        }
    }

    @Test func `One content that is uploaded twice is kept once`() async throws {
        try await data.open { martlet in
            var file = ImportFile.small
            file.lines.append(
                #"{"at":"2012-07-01T01:00:00Z","do":"media","user":"u1","media":"m2","base64":"\#(ImportFile.gif)"}"#)
            #expect(try file.run(martlet).names.last == "m2 14")
            await martlet.catchUp()
            try martlet.views.read { views in
                let media = try #require(try views.media(MediaID(14)))
                #expect(try views.content(media.file.content)?.references == 2)
                #expect(media.owner == AccountID(1))
            }
        }
    }
}
