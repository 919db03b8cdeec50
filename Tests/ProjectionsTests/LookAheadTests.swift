import Microblog
import PlainViews
import TestSupport
import Testing
import Threads

@testable import Projections

@Suite struct LookAheadTests {
    private static let events = (1...UInt64(20_000)).map {
        RecordedEvent(
            position: $0, time: 0, issuer: .account(AccountID(1)), event: .postDeleted(PostDeleted(PostID($0))))
    }

    /// Adds things that have no event, one or two; gives what comes back, in order.
    private func positions(of count: Int, _ context: ProjectorContext) throws -> [[UInt64]] {
        var ahead = LookAhead<Int>(context)
        var found: [[UInt64]] = []
        func take(_ drafts: [Int], _ events: [RecordedEvent]) {
            var events = events[...]
            for draft in drafts { found.append((0..<(draft % 3)).compactMap { _ in events.popFirst()?.position }) }
            #expect(events.isEmpty)
        }
        for draft in 0..<count {
            let first = UInt64(1 + 2 * draft)
            let ready = try ahead.add(draft, draft % 3 > 0 ? first : 0, draft % 3 > 1 ? first + 1 : 0)
            if let (drafts, events) = ready { take(drafts, events) }
        }
        while let (drafts, events) = try ahead.rest() { take(drafts, events) }
        return found
    }

    private func expected(_ count: Int) -> [[UInt64]] {
        (0..<count).map { draft in (0..<UInt64(draft % 3)).map { UInt64(1 + 2 * draft) + $0 } }
    }

    @Test(arguments: [0, 1, 255, 256, 257, 4096, 4400, 9000])
    func `All come back in order, with their events, whoever looks them up`(count: Int) throws {
        let directory = TemporaryDirectory()
        let store = try ViewStore(directory: directory.path, mapSize: 1 << 24)
        for helps in [false, true] {
            let workspace = Workspace(directory: directory.path, memory: 0)
            let context = ProjectorContext(store.tables, EventArray(Self.events), workspace)
            let helper = helps ? OwnedThread(name: "helper") { ProjectorShare([], context).help(waits: true) } : nil
            #expect(try positions(of: count, context) == expected(count))
            context.offered.close()
            helper?.join()
        }
    }

    @Test func `A batch in memory is not offered`() throws {
        let directory = TemporaryDirectory()
        let store = try ViewStore(directory: directory.path, mapSize: 1 << 24)
        let context = ProjectorContext(store.tables, EventArray(), .live(directory.path))
        context.batch = EventBatch(Self.events)
        #expect(try positions(of: 9000, context) == expected(9000))
        #expect(context.offered.count == 0)
    }

    @Test func `The reason why events cannot be looked up comes to who needs them`() throws {
        struct Damaged: EventSource, Error {
            func event(at _: UInt64) throws -> RecordedEvent? { throw self }
            func events(at _: [UInt64]) throws -> [RecordedEvent] { throw self }
        }
        for helps in [false, true] {
            let lookUp = LookUp([1], in: Damaged())
            if helps { lookUp.run() }
            #expect(throws: Damaged.self) { try lookUp.events() }
        }
    }
}
