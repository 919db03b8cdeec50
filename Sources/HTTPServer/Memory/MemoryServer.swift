import Glibc
import Threads

/// Runs a ``RequestHandler`` without a socket: the same handler, exchanges, suspensions and uploads, on one thread.
///
/// It has nothing that belongs to the wire: framing, deadlines, and limits on connections.
public final class MemoryServer: Sendable {
    private let loop: MemoryLoop
    private let thread: OwnedThread

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - drainLimit: how many bytes of an unwanted body are thrown away before the answer is 413.
    ///   - makeHandler: called once, on the thread.
    public init(drainLimit: Int = 1 << 20, makeHandler: @escaping @Sendable (LoopInbox) -> any RequestHandler) {
        let loop = MemoryLoop(drainLimit: drainLimit)
        self.loop = loop
        thread = OwnedThread(name: "http-memory") { loop.run(makeHandler) }
    }

    /// What it has done so far.
    public var counters: ServerCounters {
        var sum = ServerCounters()
        sum.add(loop.inbox.counters)
        return sum
    }

    /// Sends a request.
    ///
    /// - Parameter completion: called once, on the server's thread, with the answer; `nil` when the server stops first.
    public func send(_ request: Request, _ completion: @escaping @Sendable (ResponseRecord?) -> Void) {
        let loop = loop
        if !loop.inbox.post({ loop.take(request, completion) }) { completion(nil) }
    }

    /// Sends a request and waits for the answer. Blocks. Do not call it on the server's own thread.
    ///
    /// - Returns: `nil` when the server stops first.
    public func answer(_ request: Request) -> ResponseRecord? {
        let answers = Mailbox<ResponseRecord?>()
        send(request) { answers.put($0) }
        return answers.take()?.first ?? nil
    }

    /// Ends the thread. Suspended exchanges get no answer. Blocks.
    public func stop() {
        loop.inbox.put(.stop)
        thread.join()
    }
}

/// The loop without sockets.
private final class MemoryLoop: RequestLoop, @unchecked Sendable {
    // because everything except the inbox is touched only on the loop's thread; other threads only carry it there.
    let inbox = LoopInbox()
    let drainLimit: Int
    private var answering: (any RequestHandler)?
    private var underWay: [ObjectIdentifier: (exchange: Exchange, completion: (ResponseRecord?) -> Void)] = [:]
    private var jobs: [LoopJob] = []

    init(drainLimit: Int) { self.drainLimit = drainLimit }

    var handler: any RequestHandler {
        guard let answering else { preconditionFailure("the loop without sockets does not run") }
        return answering
    }

    func run(_ makeHandler: (LoopInbox) -> any RequestHandler) {
        answering = makeHandler(inbox)
        var nextTick = MonotonicClock.now() + 1000
        while runJobs() {
            handler.willWait()
            var entry = pollfd(fd: inbox.wake, events: Int16(POLLIN), revents: 0)
            let now = MonotonicClock.now()
            poll(&entry, 1, nextTick > now ? Int32(nextTick - now) : 0)
            if MonotonicClock.now() >= nextTick {
                nextTick = MonotonicClock.now() + 1000
                handler.tick()
            }
        }
        inbox.close()
        for (exchange, completion) in underWay.values {
            exchange.end()
            completion(nil)
        }
        underWay = [:]
        answering = nil
    }

    /// - Returns: whether to go on.
    private func runJobs() -> Bool {
        inbox.takeJobs(into: &jobs)
        defer { jobs.removeAll(keepingCapacity: true) }
        for job in jobs {
            switch job {
            case .run(let body): body()
            case .resume(let exchange, let body):
                guard exchange.stage == .suspended else { continue }
                exchange.stage = .handling
                body(exchange)
                settle(exchange)
            case .stop: return false
            }
        }
        return true
    }

    /// Lets the handler begin a request.
    func take(_ request: Request, _ completion: @escaping @Sendable (ResponseRecord?) -> Void) {
        let fields = MemoryFields(request)
        let exchange = Exchange(
            .memory(fields), method: RequestMethod(request.method), path: fields.path,
            framing: Framing(length: request.body.count), on: self)
        exchange.peer = request.peer
        underWay[ObjectIdentifier(exchange)] = (exchange, completion)
        inbox.counters.requests.add(1)
        if request.target.contains("%00") {
            exchange.refuse(status: 400, type: "bad_request", Framing.Fault.zeroByteInTarget.rawValue)
        } else if exchange.hasBody {
            exchange.prepare(handler.begin(exchange))
            if receive(request.body, for: exchange) {
                exchange.complete()
            } else if exchange.answer == nil {
                exchange.refuse(status: 413, type: "payload_too_large", "the body is too long")
            }
        } else {
            exchange.begin()
        }
        settle(exchange)
    }

    /// Hands the body over in pieces, as a socket would.
    private func receive(_ body: [UInt8], for exchange: Exchange) -> Bool {
        body.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: 1 << 14) {
                let end = min(start + 1 << 14, bytes.count)
                if !exchange.receive(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) { return false }
            }
            return true
        }
    }

    /// Delivers the answer, unless the exchange is suspended.
    private func settle(_ exchange: Exchange) {
        guard exchange.stage != .suspended else { return }
        if exchange.answer == nil { exchange.fail("the request was not answered") }
        guard let response = exchange.answer.take(),
            let (_, completion) = underWay.removeValue(forKey: ObjectIdentifier(exchange))
        else { return }
        inbox.counters.count(status: response.status)
        let isHead = exchange.method == .head
        if !isHead { inbox.counters.bodyBytes.add(response.length) }
        let record = ResponseRecord(response, isHead: isHead)
        exchange.stage = .answered
        exchange.end()
        completion(record)
    }
}
