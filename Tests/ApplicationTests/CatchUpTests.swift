import Microblog
import PlainMicroblog
import PlainViews
import SampleCommunity
import Testing

@testable import Application

/// A start with a long log behind it: two threads, large batches, and the same read models.
@Suite struct CatchUpTests {
    @Test func `Many events are caught up to what they were live`() async throws {
        var lines = SampleCommunity(commands: 12_000, accounts: 200, pictures: 20).map(\.line)
        // The last event is one that would be counted twice if it were projected twice.
        lines.append(#"{"at":"2026-01-02T00:00:00Z","do":"register","user":"last"}"#)
        lines.append(#"{"at":"2026-01-02T00:00:00Z","do":"post","user":"last","post":"last","text":"bye"}"#)
        let data = DataOfTest()
        let (live, count) = try await data.open { martlet in
            try ImportFile(lines: lines).run(martlet)
            await martlet.catchUp()
            #expect(try martlet.plainViews().differences(from: martlet.views, stride: 101) == [])
            return (try martlet.digests(), martlet.newest.position)
        }
        #expect(count > 10_000)
        try data.removeViews()
        try await data.open { martlet in
            #expect(martlet.positionAtStart == count)
            await martlet.catchUp()
            #expect(martlet.isReady)
            let rebuilt = try martlet.digests()
            #expect(rebuilt == live)
        }
        // Closed in order, so nothing is left to do.
        try await data.open { martlet in
            #expect(martlet.isReady)
            let rebuilt = try martlet.digests()
            #expect(rebuilt == live)
        }
    }
}
