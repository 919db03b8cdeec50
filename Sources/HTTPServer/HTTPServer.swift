import Glibc
public import LocalSockets
import Threads

/// The HTTP server: event loops that share one port and know nothing about what they serve.
public final class HTTPServer: Sendable {
    private let configuration: ServerConfiguration
    private let makeHandler: @Sendable (LoopInbox) -> any RequestHandler
    private let loops: [LoopInbox]
    private let budget: AnswerBudget
    private let state = Guarded(State())

    /// Makes a server that does not listen yet.
    ///
    /// - Parameter makeHandler: called once a loop, on the loop's thread.
    public init(configuration: ServerConfiguration, makeHandler: @escaping @Sendable (LoopInbox) -> any RequestHandler)
    {
        self.configuration = configuration
        self.makeHandler = makeHandler
        budget = AnswerBudget(limit: configuration.answerMemory)
        loops = (0..<max(1, configuration.loops)).map { LoopInbox(index: $0) }
    }

    /// The port in use, even when any free port was asked for; 0 before the start.
    public var port: UInt16 {
        state.withLock { $0.port }
    }

    /// What the server has done so far.
    public var counters: ServerCounters {
        var sum = ServerCounters()
        for loop in loops { sum.add(loop.counters) }
        sum.waitingBytes = UInt64(max(0, budget.count))
        return sum
    }

    /// The most connections over the Unix socket. They have places of their own, so that whoever runs the program reaches
    /// it also when all others are taken.
    static let localConnectionLimit = 16

    /// Listens, and returns when every loop serves. Raises the limit on open files; ignores `SIGPIPE`.
    ///
    /// - Parameter local: a Unix socket that the first loop serves, too. The server takes it over, and closes it also when
    ///   it cannot start. Requests over it come from ``PeerAddress/local``.
    /// - Throws: ``HTTPServerError``. Nothing listens then.
    public func start(local: LocalListener? = nil) throws(HTTPServerError) {
        do throws(HTTPServerError) {
            try listen(local)
        } catch {
            local?.close()
            throw error
        }
    }

    private func listen(_ local: LocalListener?) throws(HTTPServerError) {
        let isFirst = state.withLock { state in
            defer { state.wasStarted = true }
            return !state.wasStarted
        }
        guard isFirst else { throw .startedTwice }
        signal(SIGPIPE, SIG_IGN)
        let openFiles = OpenFiles.raiseLimit()
        let places = openFiles - OpenFiles.reserve(of: openFiles) - (local == nil ? 0 : Self.localConnectionLimit)
        guard places >= loops.count else { throw .tooFewOpenFiles(limit: openFiles) }
        // A loop serves one at least, also where there are more loops than connections.
        let connections = max(1, min(configuration.connectionLimit, places) / loops.count)
        let sockets = try ListeningSockets.open(configuration.address, count: loops.count)
        let started = Mailbox<Int>()
        let threads = zip(loops, sockets.descriptors).map { loop, descriptor in
            var listeners = [Listener(descriptor: descriptor, isLocal: false, connectionLimit: connections)]
            if let local, loop.index == 0 {
                listeners.append(
                    Listener(
                        descriptor: local.descriptor, isLocal: true, connectionLimit: Self.localConnectionLimit))
            }
            return run(loop, listeners, started)
        }
        state.withLock { state in
            state.port = sockets.port
            state.local = local
            state.threads = threads
        }
        var waiting = loops.count
        while waiting > 0, let some = started.take() { waiting -= some.count }
    }

    /// Accepts no more connections, lets requests under way finish within the stop deadline, and closes.
    ///
    /// Returns when all threads have ended. A second call waits for the same end.
    public func stop() {
        // Who finds the file can still connect.
        state.withLock { $0.local.take() }?.removeFile()
        for loop in loops { loop.put(.stop) }
        let threads = state.withLock { $0.threads }
        for thread in threads { thread.join() }
    }

    private func run(
        _ loop: LoopInbox, _ listeners: [Listener], _ started: Mailbox<Int>
    ) -> OwnedThread {
        let (configuration, makeHandler, budget) = (configuration, makeHandler, budget)
        return OwnedThread(name: "http-\(loop.index)") {
            let shared = ConnectionLoop(
                configuration, inbox: loop, budget: budget, now: MonotonicClock.now(), makeHandler: makeHandler)
            let events = EventLoop(shared, listeners)
            started.put(loop.index)
            events.run()
        }
    }

    private struct State {
        var wasStarted = false
        var port: UInt16 = 0
        var local: LocalListener?
        var threads: [OwnedThread] = []
    }
}
