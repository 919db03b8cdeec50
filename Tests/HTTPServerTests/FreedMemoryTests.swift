import Testing

@testable import HTTPServer

struct FreedMemoryTests {
    @Test func `Memory is given back after a wave of connections, once`() {
        var memory = FreedMemory()
        memory.note(connections: 8000, waiting: 0)
        let early = memory.isWorthReturning(connections: 7500, waiting: 0, at: 20_000)
        let due = memory.isWorthReturning(connections: 10, waiting: 0, at: 21_000)
        let again = memory.isWorthReturning(connections: 0, waiting: 0, at: 60_000)
        #expect([early, due, again] == [false, true, false])
    }

    @Test func `Memory is given back after a wave of answers, not more often than every ten seconds`() {
        var memory = FreedMemory()
        for (wave, isDue) in [(20_000, true), (25_000, false), (30_000, true)] as [(UInt64, Bool)] {
            memory.note(connections: 10, waiting: 60 << 20)
            let said = memory.isWorthReturning(connections: 10, waiting: 1 << 20, at: wave)
            #expect(said == isDue)
        }
    }

    @Test func `The usual coming and going is not worth it`() {
        var memory = FreedMemory()
        for turn in 0..<100 as Range<UInt64> {
            memory.note(connections: 500, waiting: 4 << 20)
            let said = memory.isWorthReturning(connections: 0, waiting: 0, at: turn * 20_000)
            #expect(!said)
        }
    }
}
