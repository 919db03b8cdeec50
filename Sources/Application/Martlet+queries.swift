public import Projections

/// The door for queries: what they are answered from, and how far that has come.
extension Martlet {
    /// A reader for the calling thread, which lends the newest snapshot of the read models again and again.
    ///
    /// Make one for each thread that answers queries. It must stay on that thread.
    ///
    /// - Parameters:
    ///   - nameMemory: the most bytes for the names of accounts that pages show.
    ///   - feeds: what is remembered of feeds, for all readers; `nil` for nothing.
    public func makeReader(nameMemory: Int = 1 << 20, feeds: FeedCache? = nil) -> ViewReader {
        ViewReader(views, nameMemory: nameMemory, feeds: feeds)
    }

    /// Lends the newest snapshot once. A thread that asks often has a reader of its own: ``makeReader()``.
    public func query<Result>(_ body: (ViewSnapshot) throws -> Result) throws -> Result { try views.read(body) }

    /// The log position that queries reflect.
    public var visiblePosition: UInt64 { visibility.position }

    /// Calls `body` once queries reflect a position: at once on this thread, or later on another, which it must not
    /// block. It gets `false` when the read models have stopped for good before that position.
    ///
    /// - Returns: a ticket to cancel the wait with, or `nil` if `body` was called.
    public func whenVisible(_ position: UInt64, _ body: @escaping @Sendable (Bool) -> Void) -> VisibilityTicket? {
        visibility.when(position, body)
    }

    /// Cancels a wait. Its body may have been called before that.
    public func stopWaiting(_ ticket: VisibilityTicket) { visibility.cancel(ticket) }

    /// Waits until queries show everything that is durable now, or the read models have stopped (see ``stopped``).
    public func catchUp() async {
        let head = newest.position
        await withCheckedContinuation { continuation in
            visibility.when(head) { _ in continuation.resume() }
        }
    }

    /// Waits until no rebuild of the read models is running, then until queries show everything that is durable.
    public func settle() async {
        await live?.rebuilder.idle()
        await catchUp()
    }

    /// The rows and bytes of each table of the read models.
    public func tables() throws -> [(model: ReadModel, table: String, rows: Int, bytes: Int)] {
        try views.store.statistics()
    }

    /// The position of the read models and a digest of each.
    public func readModelDigests() throws -> (position: UInt64, digests: [ReadModelDigest]) {
        try views.store.digests()
    }
}

/// Identifies a wait for a position to become visible.
public struct VisibilityTicket: Sendable, Equatable {
    let number: UInt64
}
