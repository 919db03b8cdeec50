import Projections
import Testing

@testable import Application

/// A bad line stops the import: all before it is in the log, nothing after it.
@Suite struct ImportErrorTests {
    private let data = DataOfTest()

    @Test(arguments: [
        (#"{"at":"2012-07-01T00:00:03Z","do":"post","user""#, "it is no JSON: "),
        (#"[1,2]"#, "it is no JSON object"),
        (#"{"at":"2012-07-01T00:00:03Z","do":"like","user":"u1","user":"u2"}"#, "duplicate object key"),
        (#"{"at":"2012-07-01T00:00:03Z","do":"post"}"#, "\"user\" is missing"),
        (#"{"at":"2012-07-01T00:00:03Z","do":"repost","user":"u1"}"#, "\"do\" has an unknown value"),
        (#"{"at":"2012-07-01T00:00:03Z","do":"like","user":"u1","post":7}"#, "\"post\" must be a string"),
        (#"{"at":"2012-07-01T00:00:03Z","do":"like","user":"u1"}"#, "\"like\" needs the field \"post\""),
        (#"{"at":"2012-07-01T00:00:03Z","do":"follow","user":"u1"}"#, "needs the field \"target\""),
        (#"{"at":"2012-07-01T00:00:03Z","do":"post","user":"u1","post":"p9"}"#, "needs the field \"text\""),
        (#"{"at":"2012-07-01T00:00:03Z","do":"post","user":"u1","text":"x"}"#, "needs the field \"post\""),
        (#"{"at":"yesterday","do":"like","user":"u1","post":"p1"}"#, "\"yesterday\", not a time"),
        (#"{"at":"2012-07-01T00:00:03Z","do":"like","user":"u1","post":"p77"}"#, "no earlier line posts \"p77\""),
        (#"{"at":"2012-07-01T00:00:03Z","do":"like","user":"u77","post":"p1"}"#, "no earlier line registers \"u77\""),
        (#"{"at":"2012-07-01T00:00:03Z","do":"follow","user":"u1","target":"u9"}"#, "no earlier line registers \"u9\""),
        (
            #"{"at":"2012-07-01T00:00:03Z","do":"post","user":"u1","post":"p9","text":"x","media":["m9"]}"#,
            "no earlier line uploads \"m9\""
        ),
        (
            #"{"at":"2012-07-01T00:00:03Z","do":"post","user":"u1","post":"p9","text":"x","media":"m1"}"#,
            "\"media\" must be a list of strings"
        ),
        (#"{"at":"2012-07-01T00:00:03Z","do":"follow","user":"u1","target":"u1"}"#, "cannot follow itself"),
        (#"{"at":"2012-07-01T00:00:03Z","do":"delete","user":"u2","post":"p1"}"#, "another account's"),
        (#"{"at":"2012-07-01T00:00:03Z","do":"register","user":"u1"}"#, "the handle u1 is taken"),
        (#"{"at":"2012-07-01T00:00:03Z","do":"rename","user":"u1"}"#, "needs the field \"name\" or \"handle\""),
        (#"{"at":"2012-07-01T00:00:03Z","do":"rename","user":"u9","name":"x"}"#, "no earlier line registers \"u9\""),
        (#"{"at":"2012-07-01T00:00:03Z","do":"rename","user":"u1","handle":"u2"}"#, "the handle u2 is taken"),
        (#"{"at":"2012-07-01T00:00:03Z","do":"rename","user":"u1","handle":"ü"}"#, "a handle has only"),
        (#"{"at":"2012-07-01T00:00:03Z","do":"rename","user":"u1","handle":7}"#, "\"handle\" must be a string"),
        (#"{"at":"2012-07-01T00:00:03Z","do":"rename","user":"u1","name":" "}"#, "the name is blank"),
        (#"{"at":"2012-07-01T00:00:03Z","do":"register","user":"ü"}"#, "a handle has only"),
        (#"{"at":"2012-07-01T00:00:03Z","do":"register","user":"u3","key":"two words"}"#, "visible ASCII"),
        (#"{"at":"2012-07-01T00:00:03Z","do":"post","user":"u1","post":"p9","text":"  "}"#, "the text is blank"),
        (#"{"at":"2012-07-01T00:00:01Z","do":"like","user":"u1","post":"p1"}"#, "--clamp-times"),
        (#"{"at":"2012-07-01T00:00:03Z","do":"media","user":"u1","media":"m9","base64":"!"}"#, "is no base64"),
        (#"{"at":"2012-07-01T00:00:03Z","do":"media","user":"u1","media":"m9","base64":"aGVsbG8="}"#, "no JPEG"),
        (#"{"at":"2012-07-01T00:00:03Z","do":"media","user":"u1","media":"m9"}"#, "needs the field \"base64\""),
    ])
    func `A bad line is named and nothing after it is taken`(line: String, reason: String) async throws {
        try await data.open { martlet in
            let file = ImportFile.small.replacing(line: 4, by: line)
            let failure = try #require(file.failure(martlet))
            #expect(failure.line == 4)
            #expect(failure.reason.contains(reason), "\(failure)")
            #expect(failure.description.hasPrefix("line 4: "))
            #expect(martlet.newest.position == 3)
        }
    }

    @Test func `An upload without a name is named`() async throws {
        try await data.open { martlet in
            for media in ["", #","media":["m9"]"#] {
                let file = ImportFile.small.replacing(
                    line: 4,
                    by:
                        #"{"at":"2012-07-01T00:00:03Z","do":"media","user":"u1","base64":"\#(ImportFile.gif)"\#(media)}"#
                )
                #expect(file.failure(martlet)?.line == 4, "\(media)")
                #expect(martlet.newest.position == 3)
            }
        }
    }

    @Test func `The first of two bad lines is named`() async throws {
        try await data.open { martlet in
            // The rules refuse line 4 on another thread, while line 5 is read on this one.
            let file = ImportFile.small
                .replacing(line: 4, by: #"{"at":"2012-07-01T00:00:03Z","do":"delete","user":"u2","post":"p1"}"#)
                .replacing(line: 5, by: "no JSON")
            #expect(file.failure(martlet)?.line == 4)
            #expect(martlet.newest.position == 3)
        }
    }

    @Test func `An import that goes on after a bad line is told again and changes nothing`() async throws {
        try await data.open { martlet in
            let importer = Importer(martlet)
            let file = ImportFile.small.replacing(line: 4, by: "no JSON")
            var failures: [Int] = []
            for line in file.lines {
                do throws(ImportError) {
                    try ImportFile(lines: [line]).add(to: importer)
                } catch {
                    failures.append(error.line)
                }
            }
            #expect(failures == Array(repeating: 4, count: 11))
            #expect(throws: ImportError.self) { try importer.finish() }
            #expect(importer.progress.lines == 3)
            #expect(martlet.newest.position == 3)
        }
    }

    @Test func `Clamped times are those of the newest event`() async throws {
        try await data.open { martlet in
            let file = ImportFile.small.replacing(
                line: 4, by: #"{"at":"2011-01-01T00:00:00Z","do":"post","user":"u2","post":"p2","text":"x"}"#)
            var options = ImportOptions()
            options.clampTimes = true
            try file.run(martlet, options)
            let times = try martlet.events().map(\.time)
            #expect(times[3] == times[2])
            #expect(times == times.sorted())
        }
    }

    @Test func `A name that is too long is named`() async throws {
        try await data.open { martlet in
            var options = ImportOptions()
            options.name = String(repeating: "n", count: 235)
            try ImportFile.small.prefix(1).run(martlet, options)
            options.name = String(repeating: "n", count: 236)
            #expect(ImportFile.small.failure(martlet, options)?.reason.contains("at most 235 bytes") == true)
        }
    }
}
