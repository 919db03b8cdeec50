import Testing
import Threads

@testable import Application

@Suite struct RebuildEndTests {
    @Test func `The one who began a rebuild hears of its end before all others`() async throws {
        try await DataOfTest().open { martlet in
            _ = try await martlet.register("zoe")
            let rebuilder = try #require(martlet.live?.rebuilder)
            let running = Guarded<[Bool]>([])
            try rebuilder.begin { [weak rebuilder] _ in
                let isRunning = rebuilder?.status.isRunning ?? false
                running.withLock { $0.append(isRunning) }
            }
            await rebuilder.idle()
            #expect(running.withLock { $0 } == [true])
            #expect(!rebuilder.status.isRunning)
        }
    }
}
