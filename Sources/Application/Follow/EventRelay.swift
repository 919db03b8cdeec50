internal import EventLog
internal import Projections
internal import Threads

/// Brings events from the thread that decides them to the one that projects them, in memory, while they are on their
/// way to the disk. So the read models are nearly ready when the disk is, and nothing is read or opened twice.
///
/// What it cannot hold, or was never given, is read from the log: that is always right, and only slower.
final class EventRelay: FrameObserver, @unchecked Sendable {
    // because `decided` is touched only by the thread that decides; all else is guarded.

    /// A frame that was given to the journal, with its events; `nil` where they have to be read from the log.
    final class Frame: @unchecked Sendable {
        // because `state` is touched only under the relay's lock.
        fileprivate enum State {
            case underWay, durable, failed
        }

        let positions: ClosedRange<Position>
        let events: [RecordedEvent]?
        fileprivate let bytes: Int
        fileprivate var state = State.underWay

        fileprivate init(_ positions: ClosedRange<Position>, _ events: [RecordedEvent]?, bytes: Int) {
            self.positions = positions
            self.events = events
            self.bytes = bytes
        }
    }

    /// What the follower can do next.
    enum Next {
        /// Project these frames. They are durable, or it is one alone that may still be under way.
        case frames([Frame])
        /// Read from the log.
        case log
        /// Somebody called ``wake()``.
        case woken
        /// Nothing: the log is closed, and all of it was given out.
        case end
    }

    fileprivate struct State {
        /// First the durable ones that the follower has not projected, then those under way.
        var frames: [Frame] = []
        var durableCount = 0
        var bytes = 0
        /// The newest durable event.
        var durable: Position = 0
        var isClosed = false
        var isWoken = false
        /// Whether the follower waits for the end of a frame, and does not want to know of new ones.
        var waitsForEnd = false

        /// Lets go of frames that can be read from the log.
        mutating func dropDurable(_ count: Int) {
            for frame in frames[..<count] { bytes -= frame.bytes }
            frames.removeFirst(count)
            durableCount -= count
        }
    }

    private let limit: Int
    private let state = Guarded(State())
    private let bell = Doorbell()
    /// Events that were decided and are in no frame yet.
    private var decided: [RecordedEvent] = []

    /// - Parameter limit: how many bytes of frames it holds at most. They take about twice as much.
    init(limit: Int = 0) { self.limit = limit }

    /// Notes where the log ends before the first frame.
    func begin(at head: Position) { state.withLock { $0.durable = max($0.durable, head) } }

    // MARK: The thread that decides

    /// Takes an event that the log is about to append. If it was not appended after all, another one comes with the same
    /// position.
    func take(_ event: RecordedEvent) {
        while let last = decided.last, last.position >= event.position { decided.removeLast() }
        decided.append(event)
    }

    func sent(_ positions: ClosedRange<Position>, bytes: Int) {
        let events = takeDecided(positions)
        let rings = state.withLock { state in
            let isHeld = events != nil && state.bytes + bytes <= limit
            if !isHeld { state.dropDurable(state.durableCount) }
            state.frames.append(Frame(positions, isHeld ? events : nil, bytes: isHeld ? bytes : 0))
            state.bytes += isHeld ? bytes : 0
            return !state.waitsForEnd
        }
        if rings { bell.ring() }
    }

    /// The events at some positions; `nil` unless all of them were given.
    private func takeDecided(_ positions: ClosedRange<Position>) -> [RecordedEvent]? {
        let count = decided.firstIndex { $0.position > positions.upperBound } ?? decided.count
        var events: [RecordedEvent] = []
        if count == decided.count { swap(&events, &decided) } else { events = Array(decided.prefix(count)) }
        decided.removeFirst(min(count, decided.count))
        return events.count == positions.count && events.first?.position == positions.lowerBound ? events : nil
    }

    // MARK: The log's threads

    func ended(isDurable: Bool) {
        state.withLock { state in
            let frame = state.frames[state.durableCount]
            guard isDurable else {
                frame.state = .failed
                state.bytes -= frame.bytes
                state.frames.remove(at: state.durableCount)
                return
            }
            frame.state = .durable
            state.durable = frame.positions.upperBound
            state.durableCount += 1
            if frame.events == nil { state.dropDurable(state.durableCount) }
        }
        bell.ring()
    }

    func closed() {
        state.withLock { $0.isClosed = true }
        bell.ring()
    }

    /// Makes ``next(after:)`` return, to look at something else.
    func wake() {
        state.withLock { $0.isWoken = true }
        bell.ring()
    }

    // MARK: The follower's thread

    /// Waits for something to do.
    ///
    /// - Parameter position: the newest event that was projected.
    func next(after position: Position) -> Next {
        while true {
            if let next = state.withLock({ $0.next(after: position) }) { return next }
            bell.wait()
        }
    }

    /// Waits until a frame has ended.
    ///
    /// - Returns: whether it is durable.
    func end(of frame: Frame) -> Bool {
        while true {
            let outcome = state.withLock { state in
                state.waitsForEnd = frame.state == .underWay
                return frame.state
            }
            if outcome != .underWay { return outcome == .durable }
            bell.wait()
        }
    }
}

extension EventRelay.State {
    fileprivate mutating func next(after position: Position) -> EventRelay.Next? {
        if isWoken {
            isWoken = false
            return .woken
        }
        dropDurable(frames[..<durableCount].prefix { $0.positions.upperBound <= position }.count)
        guard let first = frames.first, first.positions.lowerBound == position + 1 else {
            if durable > position { return .log }
            return isClosed ? .end : nil
        }
        guard durableCount == 0 else { return .frames(Array(frames[..<durableCount])) }
        return first.events == nil ? nil : .frames([first])
    }
}
