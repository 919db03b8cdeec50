import Synchronization

/// The right to resume a suspended exchange, once, from any thread.
///
/// If it is dropped unused, the client gets 500 instead of a connection that hangs for ever.
public final class Suspension: @unchecked Sendable {
    // because the exchange is only passed on to the loop that owns it; `isUsed` is atomic.
    private let exchange: Exchange
    private let loop: LoopInbox
    private let isUsed = Atomic(false)

    init(_ exchange: Exchange, on loop: LoopInbox) {
        self.exchange = exchange
        self.loop = loop
    }

    deinit {
        if !isUsed.load(ordering: .relaxed) {
            loop.put(.resume(exchange) { $0.fail("the request was given up") })
        }
    }

    /// Runs `body` on the loop's thread. It must respond or suspend again.
    ///
    /// If the connection has ended meanwhile, or the server has stopped, `body` is dropped without a call, with
    /// everything that it holds.
    public func resume(_ body: @escaping @Sendable (Exchange) -> Void) {
        let wasUsed = isUsed.exchange(true, ordering: .relaxed)
        precondition(!wasUsed, "a suspension was resumed twice")
        loop.put(.resume(exchange, body))
    }
}
