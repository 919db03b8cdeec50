/// What the server has done since it started, summed over its loops.
public struct ServerCounters: Sendable, Equatable {
    /// Connections open now.
    public var connectionsOpen: UInt64 = 0
    /// Connections ever accepted.
    public var connectionsAccepted: UInt64 = 0
    /// Requests whose header came in whole.
    public var requests: UInt64 = 0
    /// Answers with status 2xx.
    public var successes: UInt64 = 0
    /// Answers with status 3xx.
    public var redirections: UInt64 = 0
    /// Answers with status 4xx, including those that the server gave by itself.
    public var clientErrors: UInt64 = 0
    /// Answers with status 5xx.
    public var serverErrors: UInt64 = 0
    /// Bytes of answers' bodies, without their headers.
    public var bodyBytes: UInt64 = 0
    /// Connections cut off because a header took too long.
    public var slowHeads: UInt64 = 0
    /// Connections cut off because a body took too long.
    public var slowBodies: UInt64 = 0
    /// Requests answered with 503 because their handler took too long.
    public var slowHandlers: UInt64 = 0
    /// Connections cut off because their answer was read too slowly.
    public var slowReaders: UInt64 = 0
    /// Connections cut off because the memory for answers was full, and their readers took least.
    public var budgetCloses: UInt64 = 0
    /// Connections without a request that were closed because others waited for their place.
    public var evictions: UInt64 = 0
    /// How often no connection was accepted for a while: all places were taken, or descriptors or memory ran out.
    public var acceptPauses: UInt64 = 0
    /// Bytes of memory that answers hold now which wait for their readers.
    public var waitingBytes: UInt64 = 0

    /// Connections cut off, and requests given up, because something took too long.
    public var deadlinesMissed: UInt64 { slowHeads + slowBodies + slowHandlers + slowReaders }

    /// All zero.
    public init() {}

    mutating func add(_ counters: LoopCounters) {
        let closed = counters.closed.value
        let accepted = counters.accepted.value
        connectionsOpen += accepted > closed ? accepted - closed : 0
        connectionsAccepted += accepted
        requests += counters.requests.value
        successes += counters.successes.value
        redirections += counters.redirections.value
        clientErrors += counters.clientErrors.value
        serverErrors += counters.serverErrors.value
        bodyBytes += counters.bodyBytes.value
        slowHeads += counters.slowHeads.value
        slowBodies += counters.slowBodies.value
        slowHandlers += counters.slowHandlers.value
        slowReaders += counters.slowReaders.value
        budgetCloses += counters.budgetCloses.value
        evictions += counters.evictions.value
        acceptPauses += counters.acceptPauses.value
    }
}
