internal import EventLog
internal import LMDB
internal import Projections
internal import Threads

/// Reads a log from its first event on and builds all read models from it.
///
/// Two threads: while the projectors take in one part of the log, the next is read and decoded; then the projectors
/// emit rows while the thread that read writes them.
actor LogRebuild {
    private let source: LogEvents
    private let reading: ThreadExecutor
    private let rebuild: ViewRebuild
    nonisolated var unownedExecutor: UnownedSerialExecutor { reading.asUnownedSerialExecutor() }

    /// How many events are decoded at a time: some 3 MB.
    private static let part = 8192
    /// The share of reading in the whole time, as measured. It makes the progress steady.
    private static let readingShare = 0.4

    private init(_ source: LogEvents, _ store: ViewStore, memory: Int, _ threads: RebuildThreads) {
        self.source = source
        reading = threads.reading
        rebuild = ViewRebuild(
            store, source, memory: memory, projecting: threads.projecting, writing: threads.reading)
    }

    /// Builds all read models of the log's beginning in a store that is empty.
    ///
    /// - Parameters:
    ///   - last: the last position that they are to reflect.
    ///   - progress: gets the part that is done, from 0 to 1, on any thread; what it throws ends the rebuild.
    static func build(
        _ store: ViewStore, from source: LogEvents, until last: Position, memory: Int, on threads: RebuildThreads,
        progress: @escaping @Sendable (Double) throws -> Void
    ) async throws {
        try await LogRebuild(source, store, memory: memory, threads).run(until: last, progress)
    }

    /// Brings read models that are at a position up to a later one, batch by batch. It runs on the caller's thread; the
    /// projectors have their own.
    ///
    /// - Parameter reached: gets the position after every batch.
    /// - Throws: the reason why a read model cannot go on, or why the log cannot be read or the views not be written.
    static func follow(
        _ store: ViewStore, from source: LogEvents, after start: Position, until last: Position,
        on threads: [ThreadExecutor], isolation: isolated (any Actor)? = #isolation,
        reached: (Position) -> Void = { _ in }
    ) async throws {
        guard start < last else { return }
        let states = ProjectionStates()
        let projection = Projection(store, source, from: start, on: threads, states: states)
        var position = start
        while position < last {
            let limit = min(last - position, UInt64(LogFollower.batchLimit))
            let batch = try EventBatch(after: position, of: source, limit: Int(limit))
            try await projection.apply(batch)
            if let stopped = states.all.first { throw stopped }
            position = batch.end
            reached(position)
        }
    }

    private func run(until last: Position, _ progress: @escaping @Sendable (Double) throws -> Void) async throws {
        var next = try read(after: 0, until: last)
        while let part = next {
            async let taken: Void = rebuild.take(part)
            next = try read(after: part.end, until: last)
            try await taken
            try progress(Double(part.end) / Double(last) * Self.readingShare)
        }
        try await rebuild.finish { try progress(Self.readingShare + $0 * (1 - Self.readingShare)) }
    }

    /// The projectors look up what they show of an event, so nothing needs to be opened twice.
    private func read(after position: Position, until last: Position) throws -> EventBatch? {
        guard position < last else { return nil }
        var events: [RecordedEvent] = []
        events.reserveCapacity(Self.part)
        _ = try source.log.read(after: position, limit: Int(min(last - position, UInt64(Self.part)))) {
            events.append(try RecordedEvent(withoutPersonal: $0))
        }
        return EventBatch(events)
    }
}

/// The two threads of a rebuild.
final class RebuildThreads: Sendable {
    /// Reads and decodes the log, then writes the rows.
    let reading: ThreadExecutor
    /// The projectors' thread.
    let projecting: ThreadExecutor

    /// - Parameter niceness: how much priority they leave to the threads of a server, from 0 to 19.
    init(niceness: Int32 = 0) {
        reading = ThreadExecutor(name: "replay-log", niceness: niceness)
        projecting = ThreadExecutor(name: "replay-views", niceness: niceness)
    }

    /// Ends both. Nothing may be rebuilt on them afterwards.
    func stop() {
        reading.stop()
        projecting.stop()
    }
}
