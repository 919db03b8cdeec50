import Glibc
import Testing
import Threads

@Suite struct ConcurrentTickerTests {
    @Test func `It runs for the first time when one interval has passed, and again after each`() {
        let ticks = Mailbox<ContinuousClock.Instant>()
        let start = ContinuousClock.now
        let ticker = Ticker(name: "ticks", every: .milliseconds(20)) { ticks.put(.now) }
        var times: [ContinuousClock.Instant] = []
        while times.count < 4 { times += ticks.take(limit: 1) ?? [] }
        ticker.stop()
        for (index, time) in times.enumerated() {
            #expect(time - start >= .milliseconds(20) * (index + 1) - .milliseconds(1), "tick \(index + 1)")
        }
    }

    @Test func `Nothing runs after it was stopped`() {
        let count = Guarded(0)
        let ticked = Watermark(0)
        let ticker = Ticker(name: "ticks", every: .milliseconds(2)) {
            ticked.advance(
                to: UInt64(
                    count.withLock { count in
                        count += 1
                        return count
                    }))
        }
        _ = ticked.wait(beyond: 2)
        ticker.stop()
        let before = count.withLock { $0 }
        usleep(20_000)
        #expect(count.withLock { $0 } == before)
        #expect(before >= 3)
    }

    @Test func `Stopping waits for what is running, and does not wait for the next interval`() {
        let begun = Watermark(0)
        let isDone = Guarded(false)
        let ticker = Ticker(name: "ticks", every: .milliseconds(1)) {
            begun.advance(to: 1)
            usleep(30_000)
            isDone.withLock { $0 = true }
        }
        _ = begun.wait(beyond: 0)
        ticker.stop()
        #expect(isDone.withLock { $0 })

        let start = ContinuousClock.now
        Ticker(name: "ticks", every: .seconds(600)) {}.stop()
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test func `What takes longer than an interval never runs twice at once`() {
        let running = Guarded((now: 0, most: 0))
        let ticked = Mailbox<Void>()
        let ticker = Ticker(name: "ticks", every: .milliseconds(1)) {
            running.withLock { running in
                running.now += 1
                running.most = max(running.most, running.now)
            }
            usleep(3_000)
            running.withLock { $0.now -= 1 }
            ticked.put(())
        }
        for _ in 0..<5 { _ = ticked.take(limit: 1) }
        ticker.stop()
        #expect(running.withLock { $0.most } == 1)
    }
}
