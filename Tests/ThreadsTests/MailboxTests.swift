import Testing
import Threads

@Suite struct ConcurrentMailboxTests {
    @Test func `Every element of four threads is taken once and in its order`() {
        let box = Mailbox<[Int]>()
        let taken = Guarded<[[Int]]>([])
        let taker = OwnedThread(name: "taker") {
            while let batch = box.take(limit: 7) { taken.withLock { $0 += batch } }
        }
        let senders = (0..<4).map { sender in
            OwnedThread(name: "sender") {
                for number in 0..<5_000 { box.putWaiting([sender, number], limit: 64) }
            }
        }
        for sender in senders { sender.join() }
        box.close()
        taker.join()
        let all = taken.withLock { $0 }
        for sender in 0..<4 {
            #expect(all.filter { $0[0] == sender }.map { $0[1] } == Array(0..<5_000))
        }
    }

    @Test func `A full mailbox refuses and a closed one still gives what is in`() {
        let box = Mailbox<Int>()
        #expect(box.put(1, limit: 1))
        #expect(!box.put(2, limit: 1))
        box.close()
        #expect(!box.put(3))
        #expect(box.take() == [1])
        #expect(box.take() == nil)
    }
}

/// An actor on a thread of its own, as the projectors are.
private actor Counter {
    private let executor: ThreadExecutor
    private(set) var count = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(on executor: ThreadExecutor) { self.executor = executor }

    func increment() { count += 1 }
}

@Suite struct ConcurrentThreadExecutorTests {
    @Test func `Actors on one thread count every call`() async {
        let executor = ThreadExecutor(name: "counter")
        let counters = [Counter(on: executor), Counter(on: executor)]
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<1_000 {
                group.addTask { await counters[index % 2].increment() }
            }
        }
        #expect(await counters[0].count == 500)
        #expect(await counters[1].count == 500)
        executor.stop()
    }
}
