import CMicrohttpd
import Glibc

/// One event loop: an HTTP daemon of the library, driven from a thread of ours. Only that thread uses it.
///
/// The daemon's epoll descriptor and the eventfd of ``LoopInbox`` are watched by an epoll of ours. The library's own
/// epoll threads are not used: in 0.9.75 they hang when exactly 128 sockets are ready at once.
final class EventLoop: RequestLoop {
    let configuration: ServerConfiguration
    let inbox: LoopInbox
    let handler: any RequestHandler
    let deadlines = DeadlineLists()
    let limits: DeadlineLimits

    /// The time of the current turn, in milliseconds of ``MonotonicClock``.
    private(set) var now = MonotonicClock.now()
    var openCount = 0
    private(set) var isStopping = false

    private var daemon: OpaquePointer?
    private var daemonEpoll: Int32 = -1
    private let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    private var jobs: [LoopJob] = []
    private var nextTick: UInt64
    private var stopAt = UInt64.max
    /// Connections that entered their phase before this have been looked at by `closeHungUp()`.
    var lookedUntil: UInt64 = 0
    let lingering: LingeringClose

    init(_ configuration: ServerConfiguration, inbox: LoopInbox, makeHandler: (LoopInbox) -> any RequestHandler) {
        self.configuration = configuration
        self.inbox = inbox
        limits = DeadlineLimits(configuration.deadlines)
        handler = makeHandler(inbox)
        lingering = LingeringClose(epoll: epoll, for: configuration.lingerTime)
        nextTick = now + 1000
    }

    var drainLimit: Int { configuration.drainLimit }

    deinit {
        close(epoll)
    }

    /// Starts the daemon on a listening socket. From then on the socket belongs to the daemon.
    func start(listener: Int32, connectionLimit: Int) -> Bool {
        daemon = startDaemon(listener: listener, connectionLimit: connectionLimit)
        guard let daemon else { return false }
        daemonEpoll = martlet_daemon_info(daemon, .DAEMON_INFO_EPOLL_FD).pointee.epoll_fd
        watch(daemonEpoll)
        watch(inbox.wake)
        return true
    }

    /// Serves until a stop job has come and all requests under way are answered or out of time.
    func run() {
        var events = [epoll_event](repeating: epoll_event(), count: 16)
        while !isStopping || (openCount > 0 && now < stopAt) {
            let count = epoll_wait(epoll, &events, Int32(events.count), waitTime())
            precondition(count >= 0 || errno == EINTR, "epoll_wait failed: \(String(cString: strerror(errno)))")
            now = MonotonicClock.now()
            for index in 0..<max(0, Int(count)) { take(events[index].data.fd) }
            MHD_run(daemon)
            expireDeadlines()
            if now >= nextTick {
                nextTick = now + 1000
                closeHungUp()
                handler.tick()
            }
            handler.willWait()
        }
        closeAll()
        MHD_stop_daemon(daemon)
        daemon = nil
        lingering.closeAll()
        inbox.close()
    }

    private func watch(_ descriptor: Int32) {
        var interest = epoll_event()
        interest.events = EPOLLIN.rawValue
        interest.data.fd = descriptor
        epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &interest)
    }

    private func take(_ descriptor: Int32) {
        if descriptor == inbox.wake {
            runJobs()
        } else if descriptor != daemonEpoll {
            lingering.discard(descriptor)
        }
    }

    private func runJobs() {
        inbox.takeJobs(into: &jobs)
        for job in jobs {
            switch job {
            case .run(let body): body()
            case .resume(let exchange, let body): resume(exchange, body)
            case .stop: beginStop()
            }
        }
        jobs.removeAll(keepingCapacity: true)
    }

    private func resume(_ exchange: Exchange, _ body: (Exchange) -> Void) {
        guard exchange.stage == .suspended else { return }
        exchange.stage = .handling
        body(exchange)
        guard exchange.stage != .suspended, case .connection(let connection) = exchange.source else { return }
        MHD_resume_connection(connection.handle)
    }

    /// Milliseconds until something is due that no descriptor reports.
    private func waitTime() -> Int32 {
        var milliseconds: UInt64 = 0
        if MHD_get_timeout(daemon, &milliseconds) == .YES && milliseconds == 0 { return 0 }
        let due = min(nextTick, stopAt, nextDeadline(), lingering.nextDeadline)
        return due > now ? Int32(min(due - now, 1000)) : 0
    }

    /// Accepts no more connections. Connections between two requests are closed now, the others after their answer.
    private func beginStop() {
        guard !isStopping else { return }
        isStopping = true
        stopAt = now + configuration.stopDeadline.milliseconds
        MHD_run(daemon)
        let listener = MHD_quiesce_daemon(daemon)
        if listener >= 0 { close(listener) }
        for phase in [ConnectionPhase.opening, .idle] {
            while let node = deadlines.oldest(phase) { cutOff(node) }
        }
    }

    /// Cuts off what is left, because the library can only be stopped when nothing is suspended.
    private func closeAll() {
        while let node = deadlines.oldest(.suspended) {
            let connection = node.pointee.connection
            cutOff(node)
            connection.exchange?.stage = .abandoned
            MHD_resume_connection(connection.handle)
        }
        for phase in ConnectionPhase.allCases where phase != .ending {
            while let node = deadlines.oldest(phase) { cutOff(node) }
        }
        for _ in 0..<8 where openCount > 0 { MHD_run(daemon) }
    }
}
