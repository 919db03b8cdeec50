internal import EventLog
internal import LMDB
internal import Projections
internal import Threads

/// Reads a log from its first event on and builds all read models from it, on two threads: see `ViewRebuild`.
enum LogRebuild {
    /// How many events are decoded at a time: some 300 KB, so that they are still near the processor when they are
    /// taken in.
    private static let part: UInt64 = 2048
    /// The share of reading in the whole time, as measured. It makes the progress steady.
    private static let readingShare = 0.4

    /// Builds all read models of the log's beginning in a store that is empty.
    ///
    /// - Parameters:
    ///   - last: the last position that they are to reflect.
    ///   - progress: gets the part that is done, from 0 to 1, on any thread; what it throws ends the rebuild.
    static func build(
        _ store: ViewStore, from source: LogEvents, until last: Position, memory: Int, on threads: RebuildThreads,
        progress: @escaping @Sendable (Double) throws -> Void
    ) async throws {
        let rebuild = ViewRebuild(
            store, source, memory: memory, projecting: threads.projecting, writing: threads.writing)
        try await rebuild.take(Int((last + part - 1) / part)) { number in
            try read(source, after: UInt64(number) * part, until: last)
        } _: { position in
            try progress(Double(position) / Double(last) * readingShare)
        }
        try await rebuild.finish { try progress(readingShare + $0 * (1 - readingShare)) }
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

    /// The projectors look up what they show of an event, so nothing needs to be opened twice.
    private static func read(_ source: LogEvents, after position: Position, until last: Position) throws -> EventBatch {
        var events: [RecordedEvent] = []
        events.reserveCapacity(Int(part))
        _ = try source.log.read(after: position, limit: Int(min(last - position, part))) {
            events.append(try RecordedEvent(withoutPersonal: $0))
        }
        return EventBatch(events)
    }
}

/// The two threads of a rebuild.
final class RebuildThreads: Sendable {
    /// Reads and decodes parts of the log, then writes the rows.
    let writing: ThreadExecutor
    /// Reads and decodes the other parts, then emits rows.
    let projecting: ThreadExecutor

    /// - Parameter niceness: how much priority they leave to the threads of a server, from 0 to 19.
    init(niceness: Int32 = 0) {
        writing = ThreadExecutor(name: "replay-log", niceness: niceness)
        projecting = ThreadExecutor(name: "replay-views", niceness: niceness)
    }

    /// Ends both. Nothing may be rebuilt on them afterwards.
    func stop() {
        writing.stop()
        projecting.stop()
    }
}
