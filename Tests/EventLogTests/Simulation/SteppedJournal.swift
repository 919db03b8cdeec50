import TestSupport

@testable import Journal

/// A journal on a simulated disk, without a thread: what is appended waits for the next step. So a seed says in which
/// order everything happens.
final class SteppedJournal: Journal, @unchecked Sendable {
    // because one thread uses it.
    private let disk: SimulatedDisk
    private let appender: JournalAppender<SimulatedDisk>
    private var waiting: [(frame: Frame, completion: @Sendable (AppendOutcome) -> Void)] = []
    /// Segments that were forgotten and are not yet removed for good, in order.
    private var leaving: [String] = []
    /// A process that dies before it tells the journal what the tables have: nothing is forgotten any more.
    var isDeaf = false

    init(_ disk: SimulatedDisk, identity: [UInt8], log: LogEnd) throws(JournalError) {
        self.disk = disk
        appender = try JournalAppender(disk, identity: identity, log: log)
    }

    var head: JournalHead { appender.head }
    var hasStopped: Bool { appender.hasStopped }
    /// How many frames wait to be written.
    var waitingCount: Int { waiting.count }
    /// How many segments there are.
    var segmentCount: Int { appender.segments.segments.count }

    func append(_ frame: Frame, _ completion: @escaping @Sendable (AppendOutcome) -> Void) {
        waiting.append((frame, completion))
    }

    /// Writes the oldest of what waits, with one sync, and tells what became of it.
    func step(_ count: Int = .max) {
        let batch = waiting.prefix(count)
        guard !batch.isEmpty else { return }
        waiting.removeFirst(batch.count)
        let outcome = appender.append(batch.map(\.frame)[...])
        for (index, entry) in batch.enumerated() { entry.completion(outcome.ofFrame(index)) }
    }

    /// Dies: nobody hears of what waits.
    func die() { waiting = [] }

    func beginEpoch() throws(JournalError) -> JournalHead {
        try appender.beginEpoch()
        return appender.head
    }

    func read(after position: Position, _ body: (FrameView) throws -> Void) throws {
        _ = try appender.segments.read(after: position, through: appender.head.number, upTo: .max, body)
    }

    func forget(through number: FrameNumber) {
        guard !isDeaf else { return }
        leaving += appender.forget(through: number)
        remove()
    }

    private func remove() {
        while let name = leaving.first {
            do { try disk.remove(name) } catch { guard error.isMissing else { return } }
            guard (try? disk.syncDirectory()) != nil else { return }
            leaving.removeFirst()
        }
        for name in appender.takeUnused() { try? disk.remove(name) }
    }

    /// Makes the room that is wanted, if any.
    func makeRoom() {
        if let order = appender.orderRoom() { appender.take(RoomMaker.make(disk, order)) }
    }

    func close() {
        step()
        leaving += (try? appender.leaveEmpty()) ?? []
        remove()
    }
}
