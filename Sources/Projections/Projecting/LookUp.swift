internal import Synchronization
internal import Threads

/// Some events that a projector is going to need. They are looked up once, by whoever has time first: the projector's
/// own thread or the other one of a rebuild.
final class LookUp: Sendable {
    private let log: any EventSource
    private let positions: [UInt64]
    private let isBegun = Atomic(false)
    private let result = Guarded<Result<[RecordedEvent], any Error>?>(nil)
    private let isDone = Doorbell()

    init(_ positions: [UInt64], in log: any EventSource) {
        self.positions = positions
        self.log = log
    }

    /// Looks them up, unless somebody has begun to.
    func run() {
        guard begin() else { return }
        let events = Result { try log.events(at: positions) }
        result.withLock { $0 = events }
        isDone.ring()
    }

    /// The events. Looks them up, or waits for whoever has begun to. Ask for them once.
    func events() throws -> [RecordedEvent] {
        if begin() { return try log.events(at: positions) }
        isDone.wait()
        return try result.withLock { $0.take()! }.get()
    }

    private func begin() -> Bool { !isBegun.exchange(true, ordering: .relaxed) }
}

/// Gathers things whose events are to be looked up, and gives them back in order, with their events.
///
/// In a rebuild the look-ups are offered to the other thread, some of them ahead of the time when they are needed: to
/// open what is personal is a large part of the work, and never the same part for both threads. A live batch is in
/// memory, and nothing is offered.
struct LookAhead<Draft> {
    private let context: ProjectorContext
    private var positions: [UInt64] = []
    private var drafts: [Draft] = []
    private var begun: [(lookUp: LookUp, drafts: [Draft])] = []

    /// How many events are looked up together: neighbours in the log are found without starting from its root.
    private static var size: Int { 256 }
    /// How many look-ups may be begun ahead.
    private static var ahead: Int { 16 }

    init(_ context: ProjectorContext) { self.context = context }

    /// Adds a thing with the positions of its events; 0 stands for none.
    ///
    /// - Returns: earlier things whose turn it is, with all their events in the order of the positions.
    mutating func add(
        _ draft: Draft, _ first: UInt64, _ second: UInt64 = 0
    ) throws -> (drafts: [Draft], events: [RecordedEvent])? {
        drafts.append(draft)
        if first != 0 { positions.append(first) }
        if second != 0 { positions.append(second) }
        return drafts.count < Self.size ? nil : try next(keeping: Self.ahead)
    }

    /// What is left, some at a time; `nil` at the end.
    mutating func rest() throws -> (drafts: [Draft], events: [RecordedEvent])? { try next(keeping: 0) }

    private mutating func next(keeping ahead: Int) throws -> (drafts: [Draft], events: [RecordedEvent])? {
        if !drafts.isEmpty {
            if begun.isEmpty, context.batch != nil || ahead == 0 {
                defer { clear() }
                return (drafts, try context.events(at: positions))
            }
            begun.append((context.lookUp(positions), drafts))
            clear()
        }
        guard begun.count > ahead else { return nil }
        let (lookUp, drafts) = begun.removeFirst()
        return (drafts, try lookUp.events())
    }

    private mutating func clear() {
        positions.removeAll(keepingCapacity: true)
        drafts.removeAll(keepingCapacity: true)
    }
}
