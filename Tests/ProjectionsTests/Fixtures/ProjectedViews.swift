import PlainViews
import TestSupport
import Testing
import Threads

@testable import Projections

/// Read models in a directory of their own, with the threads that build them.
final class ProjectedViews {
    let directory = TemporaryDirectory()
    let store: ViewStore
    let states = ProjectionStates()
    private let threads: [ThreadExecutor]
    private let log = EventArray()
    private var projection: Projection

    private init(threads count: Int) throws {
        store = try ViewStore(directory: directory.path, mapSize: 1 << 28)
        threads = (0..<count).map { ThreadExecutor(name: "projection-\($0)") }
        projection = Projection(store, log, from: 0, on: threads, states: states)
    }

    /// Lends empty read models, and ends their threads afterwards.
    static func with<Result>(
        threads: Int = 1, _ body: (ProjectedViews) async throws -> Result
    ) async throws -> Result {
        let views = try ProjectedViews(threads: threads)
        defer { for thread in views.threads { thread.stop() } }
        return try await body(views)
    }

    func apply(_ events: some Collection<RecordedEvent>) async throws {
        log.append(events)
        try await projection.apply(EventBatch(Array(events)))
    }

    /// Applies events that are not in the log yet.
    func apply(ahead events: [RecordedEvent], confirm: @Sendable () throws -> Void) async throws {
        try await projection.apply(EventBatch(events), confirm: confirm)
    }

    /// Goes on with new projectors, as after a start.
    func restart() throws {
        projection = Projection(store, log, from: try store.read { try $0.position() }, on: threads, states: states)
    }

    func digests() throws -> [String] {
        try store.digests().digests.map { "\($0.model.name) \($0.rows) \($0.hex)" }
    }
}

extension ProjectedViews {
    /// Builds the read models of events, cut into batches; answers their digests.
    static func digests(
        of events: [RecordedEvent], threads: Int = 1, cut: (inout SplitMix64) -> Int, seed: UInt64 = 0
    ) async throws -> [String] {
        try await with(threads: threads) { views in
            var random = SplitMix64(seed: seed)
            var start = 0
            while start < events.count {
                let end = min(events.count, start + cut(&random))
                try await views.apply(events[start..<end])
                start = end
            }
            return try views.digests()
        }
    }
}

/// Builds the read models of events anew, from parts of the log; lends them when they are done.
///
/// - Parameters:
///   - memory: bytes for sorting; with 0 a little is taken, and the disk has the rest.
///   - part: how many events are handed over next.
func withRebuilt<Result>(
    _ events: [RecordedEvent], memory: Int, part: (inout SplitMix64) -> Int = { _ in 1000 }, seed: UInt64 = 0,
    _ body: (ViewStore) throws -> Result
) async throws -> Result {
    let directory = TemporaryDirectory()
    let store = try ViewStore(directory: directory.path, mapSize: 1 << 28)
    try await rebuild(events, in: store, memory: memory, part: part, seed: seed)
    return try body(store)
}

/// Builds the read models of events in an empty store.
func rebuild(
    _ events: [RecordedEvent], in store: ViewStore, memory: Int, part: (inout SplitMix64) -> Int = { _ in 1000 },
    seed: UInt64 = 0
) async throws {
    let threads = [ThreadExecutor(name: "projecting"), ThreadExecutor(name: "writing")]
    defer { for thread in threads { thread.stop() } }
    let rebuild = ViewRebuild(store, EventArray(events), memory: memory, projecting: threads[0], writing: threads[1])
    var random = SplitMix64(seed: seed)
    var rest = events[...]
    var parts: [EventBatch] = []
    while !rest.isEmpty {
        let next = rest.prefix(part(&random))
        parts.append(EventBatch(Array(next)))
        rest = rest.dropFirst(next.count)
    }
    try await rebuild.take(parts.count) { [parts] in parts[$0] }
    try await rebuild.finish { #expect((0.0...1.0).contains($0)) }
}
