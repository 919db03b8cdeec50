import Testing
import Threads

@Suite struct ConcurrentWatermarkTests {
    @Test func `Whoever waits returns when the value grows beyond its own`() {
        let mark = Watermark(3)
        #expect(mark.wait(beyond: 2) == 3)
        let found = Mailbox<UInt64?>()
        let waiter = OwnedThread(name: "waiter") { found.put(mark.wait(beyond: 4)) }
        mark.advance(to: 4)
        mark.advance(to: 2)
        #expect(mark.value == 4)
        #expect(found.count == 0)
        mark.advance(to: 6)
        waiter.join()
        #expect(found.take() == [6])
    }

    @Test func `Growth from four threads loses neither the end nor a value`() {
        let mark = Watermark(0)
        let seen = Guarded<[UInt64]>([])
        let waiter = OwnedThread(name: "waiter") {
            var last: UInt64 = 0
            while let value = mark.wait(beyond: last) {
                seen.withLock { if $0.last != value { $0.append(value) } }
                last = value
            }
        }
        let growers = (0..<4).map { number in
            OwnedThread(name: "grower") {
                for step in 0..<1_000 {
                    mark.advance(to: UInt64(step * 4 + number))
                }
            }
        }
        for grower in growers { grower.join() }
        mark.close()
        waiter.join()
        let values = seen.withLock { $0 }
        #expect(values.last == 3_999)
        #expect(values == values.sorted())
    }
}
