internal import Files
internal import Glibc
public import Journal
internal import Threads

/// A journal in memory: nothing is left of it when it goes. It completes frames on a thread of its own.
public final class MemoryJournal: Journal {
    private struct State: Sendable {
        var head: JournalHead
        var frames: [(number: FrameNumber, frame: Frame)] = []
        var failsNext = false
        var hasStopped = false

        mutating func append(_ frame: Frame) -> AppendOutcome {
            if hasStopped { return .refused(.stopped) }
            guard frame.firstPosition == head.position + 1 else {
                hasStopped = true
                return .refused(.outOfOrder(expected: head.position + 1, actual: frame.firstPosition))
            }
            if failsNext {
                (failsNext, hasStopped) = (false, true)
                return .unknown(FileError("write", "memory", code: EIO))
            }
            head = JournalHead(number: head.number + 1, position: frame.lastPosition, chain: frame.chain)
            frames.append((head.number, frame))
            return .durable(head.number)
        }
    }

    private enum Request: Sendable {
        case append(Frame, @Sendable (AppendOutcome) -> Void)
        case beginEpoch(Mailbox<JournalHead>)
    }

    private let state: Guarded<State>
    private let requests: Mailbox<Request>
    private let thread: OwnedThread

    /// An empty journal of a log.
    public init(log: LogEnd) {
        let state = Guarded(State(head: JournalHead(position: log.position, chain: log.chain)))
        let requests = Mailbox<Request>()
        thread = OwnedThread(name: "memory-journal") {
            while let request = requests.take(limit: 1)?.first {
                switch request {
                case .append(let frame, let completion): completion(state.withLock { $0.append(frame) })
                case .beginEpoch(let answer):
                    answer.put(
                        state.withLock { state in
                            state.hasStopped = false
                            return state.head
                        })
                }
            }
        }
        (self.state, self.requests) = (state, requests)
    }

    /// Lets the next frame end unknown.
    public func failNext() { state.withLock { $0.failsNext = true } }

    public var head: JournalHead { state.withLock { $0.head } }

    public var hasStopped: Bool { state.withLock { $0.hasStopped } }

    public func append(_ frame: Frame, _ completion: @escaping @Sendable (AppendOutcome) -> Void) {
        if !requests.put(.append(frame, completion)) { completion(.refused(.closed)) }
    }

    public func beginEpoch() throws(JournalError) -> JournalHead {
        let answer = Mailbox<JournalHead>()
        guard requests.put(.beginEpoch(answer)), let head = answer.take()?.first else { throw .closed }
        return head
    }

    public func read(after position: Position, _ body: (FrameView) throws -> Void) throws {
        let frames = state.withLock { $0.frames }
        for (number, frame) in frames {
            let isNews = frame.recordCount == 0 ? frame.lastPosition >= position : frame.lastPosition > position
            if isNews { try frame.withView(number: number, body) }
        }
    }

    public func forget(through number: FrameNumber) {
        state.withLock { $0.frames.removeAll { $0.number <= number } }
    }

    public func close() {
        requests.close()
        thread.join()
    }
}
