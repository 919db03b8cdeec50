import Synchronization
import TestSupport
import Testing
import Threads

@testable import Application

/// A waiter for a position is called once, in the order of positions, unless the wait is given up.
@Suite struct ConcurrentVisibilityTests {
    private let visibility = Visibility(10)
    private let called = Guarded<[Int]>([])

    /// Notes that it was called; with a minus if the position was not reached.
    private func note(_ number: Int) -> @Sendable (Bool) -> Void {
        { [called] isReached in called.withLock { $0.append(isReached ? number : -number) } }
    }

    private var calls: [Int] { called.withLock { $0 } }

    @Test func `What is visible is called at once`() {
        #expect(visibility.when(9, note(9)) == nil)
        #expect(visibility.when(10, note(10)) == nil)
        #expect(visibility.when(0, note(0)) == nil)
        #expect(calls == [9, 10, 0])
    }

    @Test func `Waiters are called in the order of positions, then of arrival`() {
        for (number, position) in [13, 11, 12, 11, 13, 20].enumerated() {
            visibility.when(UInt64(position), note(position * 10 + number))
        }
        visibility.advance(to: 10)
        #expect(calls == [])
        visibility.advance(to: 12)
        #expect(calls == [111, 113, 122])
        visibility.advance(to: 11)
        #expect(visibility.position == 12)
        visibility.advance(to: 19)
        #expect(calls == [111, 113, 122, 130, 134])
        #expect(visibility.position == 19)
    }

    @Test func `A wait that is given up is not called`() throws {
        let first = try #require(visibility.when(11, note(1)))
        let second = try #require(visibility.when(11, note(2)))
        let third = try #require(visibility.when(12, note(3)))
        #expect(visibility.cancel(second))
        #expect(!visibility.cancel(second))
        visibility.advance(to: 11)
        #expect(!visibility.cancel(first))
        #expect(visibility.cancel(third))
        visibility.advance(to: 12)
        #expect(calls == [1])
    }

    @Test func `The end tells all who wait or come later`() throws {
        visibility.when(12, note(1))
        let ticket = try #require(visibility.when(11, note(2)))
        visibility.end()
        #expect(calls == [-2, -1])
        #expect(!visibility.cancel(ticket))
        #expect(visibility.when(13, note(3)) == nil)
        #expect(visibility.when(10, note(4)) == nil)
        #expect(calls == [-2, -1, -3, 4])
        #expect(visibility.position == 10)
    }

    @Test func `An obstacle stays until there is progress`() {
        #expect(visibility.obstacle == nil)
        #expect(visibility.hold(because: "full"))
        #expect(!visibility.hold(because: "full"))
        #expect(visibility.hold(because: "fuller"))
        #expect(visibility.obstacle == "fuller")
        visibility.advance(to: 11)
        #expect(visibility.obstacle == nil)
    }

    @Test func `Every wait is either called once or given up`() {
        let visibility = visibility
        let counts = Guarded<[Int]>(Array(repeating: 0, count: 4_000))
        let cancelled = Guarded(0)
        let waiters = (0..<2).map { thread in
            OwnedThread(name: "waiter") {
                var random = SplitMix64(seed: UInt64(thread))
                for number in 0..<2_000 {
                    let place = thread * 2_000 + number
                    let ticket = visibility.when(UInt64(random.below(300))) { _ in
                        counts.withLock { $0[place] += 1 }
                    }
                    guard let ticket, random.below(2) == 0, visibility.cancel(ticket) else { continue }
                    cancelled.withLock { $0 += 1 }
                    counts.withLock { $0[place] += 1 }
                }
            }
        }
        let advancer = OwnedThread(name: "advancer") {
            for position in 11...300 as ClosedRange<UInt64> { visibility.advance(to: position) }
        }
        for thread in waiters + [advancer] { thread.join() }
        #expect(counts.withLock { $0.allSatisfy { $0 == 1 } })
    }
}
