import Testing
import Threads

@Suite struct ConcurrentPartRelayTests {
    @Test(arguments: [0, 1, 2, 7, 1000]) func `Each thread takes every part in order, and each part is made once`(
        count: Int
    ) {
        let relay = PartRelay<Int>(count, takers: 3, ahead: 4)
        let made = Guarded<[Int]>([])
        let taken = Guarded<[[Int]]>([[], [], []])
        let threads = (0..<3).map { taker in
            OwnedThread(name: "taker") {
                while let turn = relay.next(for: taker) {
                    switch turn {
                    case .make(let number):
                        made.withLock { $0.append(number) }
                        relay.put(number * 10, at: number)
                    case .take(let part): taken.withLock { $0[taker].append(part) }
                    }
                }
            }
        }
        for thread in threads { thread.join() }
        #expect(made.withLock { $0 }.sorted() == Array(0..<count))
        #expect(taken.withLock { $0 } == Array(repeating: (0..<count).map { $0 * 10 }, count: 3))
    }

    @Test func `No more parts are made ahead than may be in memory`() {
        let relay = PartRelay<Int>(100, takers: 2, ahead: 3)
        for expected in 0..<3 {
            guard case .make(expected)? = relay.next(for: 0) else { return #expect(Bool(false), "part \(expected)") }
        }
        for number in [2, 1, 0] { relay.put(number, at: number) }
        for expected in 0..<3 {
            guard case .take(expected)? = relay.next(for: 0) else { return #expect(Bool(false), "part \(expected)") }
        }
        // The other thread has taken none, so it takes one before a further one is made.
        guard case .take(0)? = relay.next(for: 1), case .make(3)? = relay.next(for: 0) else {
            return #expect(Bool(false), "part 3 is made when part 0 was taken by both")
        }
    }

    @Test func `Who waits for a part is let go when the relay is closed`() {
        let relay = PartRelay<Int>(1, takers: 2, ahead: 1)
        guard case .make(0)? = relay.next(for: 0) else { return #expect(Bool(false), "part 0 is to be made") }
        let waiting = OwnedThread(name: "waiting") { #expect(relay.next(for: 1) == nil) }
        relay.close()
        waiting.join()
        #expect(relay.next(for: 0) == nil)
    }
}
