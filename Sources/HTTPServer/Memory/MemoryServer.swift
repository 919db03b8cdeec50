import Glibc
import Threads

/// Runs a ``RequestHandler`` without a socket: the same connections, parsing, exchanges, suspensions and uploads, on one
/// thread. Each request comes on a connection of its own.
public final class MemoryServer: Sendable {
    private let loop: MemoryLoop
    private let thread: OwnedThread

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - drainLimit: how many bytes of an unwanted body are thrown away before the answer is 413.
    ///   - makeHandler: called once, on the thread.
    public init(drainLimit: Int = 1 << 20, makeHandler: @escaping @Sendable (LoopInbox) -> any RequestHandler) {
        let loop = MemoryLoop()
        self.loop = loop
        thread = OwnedThread(name: "http-memory") {
            var configuration = ServerConfiguration(address: ListenAddress(host: .any, port: 0))
            configuration.drainLimit = drainLimit
            loop.run(configuration, makeHandler)
        }
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
        send(request.bytes, from: request.peer) { completion(ResponseRecord($0)) }
    }

    /// Sends the bytes of a request, as they go over the wire, for those who prepare and read bytes themselves.
    ///
    /// - Parameter completion: called once, on the server's thread, with the bytes of the answer; without any when the
    ///   server stops first.
    public func send(
        _ bytes: [UInt8], from peer: PeerAddress = .loopback, _ completion: @escaping @Sendable ([UInt8]) -> Void
    ) {
        let loop = loop
        if !loop.inbox.post({ loop.take(bytes, from: peer, completion) }) { completion([]) }
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
private final class MemoryLoop: @unchecked Sendable {
    // because everything except the inbox is touched only on the loop's thread; other threads only carry it there.
    let inbox = LoopInbox()
    private var shared: ConnectionLoop?
    private var underWay: [ObjectIdentifier: MemoryConnection] = [:]
    private var jobs: [LoopJob] = []

    func run(_ configuration: ServerConfiguration, _ makeHandler: (LoopInbox) -> any RequestHandler) {
        let shared = ConnectionLoop(
            configuration, inbox: inbox, budget: AnswerBudget(limit: configuration.answerMemory),
            now: MonotonicClock.now(), makeHandler: makeHandler)
        self.shared = shared
        var nextTick = shared.now + 1000
        while runJobs() {
            shared.handler.willWait()
            var entry = pollfd(fd: inbox.wake, events: Int16(POLLIN), revents: 0)
            poll(&entry, 1, nextTick > shared.now ? Int32(nextTick - shared.now) : 0)
            shared.now = MonotonicClock.now()
            if shared.now >= nextTick {
                nextTick = shared.now + 1000
                shared.handler.tick()
                settleResumed()
            }
        }
        inbox.close()
        for connection in underWay.values {
            connection.close()
            connection.completion([])
        }
        underWay = [:]
        shared.closed = []
        self.shared = nil
    }

    /// - Returns: whether to go on.
    private func runJobs() -> Bool {
        inbox.takeJobs(into: &jobs)
        defer { jobs.removeAll(keepingCapacity: true) }
        for job in jobs {
            switch job {
            case .run(let body):
                body()
                settleResumed()
            case .resume(let exchange, let body):
                guard exchange.stage == .suspended else { continue }
                let connection = unsafeDowncast(exchange.connection, to: MemoryConnection.self)
                connection.resume(exchange, body)
                settle(connection)
            case .cutOff(let answer): answer.connection.cutOff(answer)
            case .stop: return false
            }
        }
        return true
    }

    /// Hands a request over in pieces, as a socket would.
    func take(_ bytes: [UInt8], from peer: PeerAddress, _ completion: @escaping ([UInt8]) -> Void) {
        guard let shared else { return completion([]) }
        let connection = MemoryConnection(from: peer, on: shared, completion)
        underWay[ObjectIdentifier(connection)] = connection
        let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)
        defer { input.deallocate() }
        var place = 0
        while place < bytes.count, connection.phase.takesInput, connection.phase != .lingering {
            let held = connection.moveHeld(to: input)
            let count = min(1 << 14, bytes.count - place)
            bytes.withUnsafeBytes { bytes in
                let piece = UnsafeRawBufferPointer(rebasing: bytes[place..<place + count])
                UnsafeMutableRawBufferPointer(rebasing: input[held...]).copyMemory(from: piece)
            }
            place += count
            connection.receive(UnsafeMutableRawBufferPointer(rebasing: input[..<(held + count)]))
        }
        settle(connection)
    }

    /// Delivers the answers of the exchanges that the handler let go on.
    private func settleResumed() {
        guard let shared else { return }
        while !shared.resumed.isEmpty {
            var turn: [Connection] = []
            swap(&turn, &shared.resumed)
            for connection in turn { settle(unsafeDowncast(connection, to: MemoryConnection.self)) }
        }
    }

    /// Delivers the answer, if there is one.
    private func settle(_ connection: MemoryConnection) {
        guard connection.phase != .suspended else { return }
        underWay[ObjectIdentifier(connection)] = nil
        connection.close()
        shared?.closed.removeAll()
        connection.completion(connection.output.bytes)
    }
}

/// A connection in memory, for one request.
private final class MemoryConnection: Connection {
    let completion: ([UInt8]) -> Void
    let output = Output()

    init(from peer: PeerAddress, on loop: ConnectionLoop, _ completion: @escaping ([UInt8]) -> Void) {
        self.completion = completion
        super.init(peer: peer, writer: output, on: loop)
    }

    /// Keeps what is written.
    final class Output: ByteWriter {
        private(set) var bytes: [UInt8] = []

        func write(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Int {
            bytes += first
            bytes += second
            return first.count + second.count
        }

        func write(_ file: borrowing ResponseFile, from place: Int) -> Int {
            let count = Int(file.length) - place
            let (descriptor, offset) = (file.descriptor, off_t(file.offset) + off_t(place))
            let piece = [UInt8](unsafeUninitializedCapacity: count) { room, filled in
                filled = max(0, pread(descriptor, room.baseAddress, room.count, offset))
            }
            bytes += piece
            return piece.isEmpty ? -1 : piece.count
        }

        var acknowledged: UInt64? { nil }
        var hasUnsent: Bool { false }
        func finish() {}
        func close(resetting: Bool) {}
    }
}
