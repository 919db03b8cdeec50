import Synchronization
import Threads

/// The memory for answers that wait for their readers, over all loops of a server.
///
/// An answer that its connection takes at once is not counted. When the memory is full, the reader that takes least is
/// cut off, so that nobody is kept from reading by those who do not.
final class AnswerBudget: Sendable {
    private let limit: Int
    private let total = Atomic(0)
    private let waiting = Guarded(WaitingAnswers())

    /// - Parameter limit: in bytes.
    init(limit: Int) { self.limit = limit }

    /// How many bytes the waiting answers hold now.
    var count: Int { total.load(ordering: .relaxed) }

    /// Whether another answer may begin: an account may fill half of the memory, an address a quarter.
    func admits(_ share: AnswerShare) -> Bool {
        // Nobody can be above a share while less than the smallest share is in use.
        guard count > limit / 4 else { return true }
        return waiting.withLock { waiting in
            if share.account != 0, waiting.accounts[share.account, default: 0] > limit / 2 { return false }
            if let address = share.address, waiting.addresses[address, default: 0] > limit / 4 { return false }
            return true
        }
    }

    /// Counts an answer that has to wait, and cuts off those of the slowest readers if there is no room for it.
    ///
    /// Readers of the same loop are cut off before it returns. Else all requests of a turn could be answered before one
    /// of them was.
    ///
    /// - Returns: `nil` when its own reader is the slowest.
    func hold(
        _ count: Int, of share: AnswerShare, written: UInt64, by connection: Connection, _ loop: ConnectionLoop
    ) -> WaitingAnswer? {
        let answer = WaitingAnswer(share, of: connection, inbox: loop.inbox, since: loop.now)
        let now = loop.now
        let limit = limit
        let slowest = waiting.withLock { waiting in
            answer.written = written
            waiting.add(answer, count)
            defer { total.store(waiting.total, ordering: .relaxed) }
            return waiting.removeSlowest(above: limit, at: now)
        }
        for other in slowest where other !== answer {
            if other.inbox === loop.inbox {
                other.connection.cutOff(other)
            } else {
                other.inbox.put(.cutOff(other))
            }
        }
        return slowest.contains { $0 === answer } ? nil : answer
    }

    /// Some of an answer was written, and what is left holds so many bytes.
    func note(_ count: Int, written: UInt64, of answer: WaitingAnswer) {
        waiting.withLock { waiting in
            answer.written = written
            waiting.change(answer, to: count)
            total.store(waiting.total, ordering: .relaxed)
        }
    }

    /// All of the answer was written, or it was given up.
    func release(_ answer: WaitingAnswer) {
        waiting.withLock { waiting in
            waiting.remove(answer)
            total.store(waiting.total, ordering: .relaxed)
        }
    }
}

/// Whose share of the memory for answers an answer takes.
public struct AnswerShare: Sendable {
    /// The number of an account; 0 for nobody's.
    public var account: UInt64 = 0
    /// The key of an address, ``PeerAddress/limitKey``; `nil` for an address without a share of its own.
    public var address: UInt64?

    /// Nobody's share.
    public init() {}
}

/// An answer that waits for its reader.
final class WaitingAnswer: @unchecked Sendable {
    // because what changes is touched only under the budget's lock, and the connection only by its own loop.
    fileprivate let share: AnswerShare
    let connection: Connection
    fileprivate let inbox: LoopInbox
    /// Milliseconds of ``MonotonicClock``.
    private let since: UInt64
    fileprivate var count = 0
    fileprivate var written: UInt64 = 0

    fileprivate init(_ share: AnswerShare, of connection: Connection, inbox: LoopInbox, since: UInt64) {
        self.share = share
        self.connection = connection
        self.inbox = inbox
        self.since = since
    }

    /// Bytes a second that the reader took. What was taken in less than a second counts as taken in one.
    fileprivate func rate(at now: UInt64) -> UInt64 { written * 1000 / max(1000, now - min(now, since)) }
}

/// All answers that wait, and what each account and address holds of them.
private struct WaitingAnswers {
    private(set) var accounts: [UInt64: Int] = [:]
    private(set) var addresses: [UInt64: Int] = [:]
    private(set) var total = 0
    private var answers: [ObjectIdentifier: WaitingAnswer] = [:]

    mutating func add(_ answer: WaitingAnswer, _ count: Int) {
        answers[ObjectIdentifier(answer)] = answer
        change(answer, to: count)
    }

    /// An answer that is not among them any more stays at 0.
    mutating func change(_ answer: WaitingAnswer, to count: Int) {
        guard answers[ObjectIdentifier(answer)] != nil else { return }
        let change = count - answer.count
        answer.count = count
        total += change
        if answer.share.account != 0 { Self.change(&accounts, answer.share.account, by: change) }
        if let address = answer.share.address { Self.change(&addresses, address, by: change) }
    }

    mutating func remove(_ answer: WaitingAnswer) {
        change(answer, to: 0)
        answers[ObjectIdentifier(answer)] = nil
    }

    /// Removes answers whose readers take least, until the others fit. Those that hold nothing make no room.
    mutating func removeSlowest(above limit: Int, at now: UInt64) -> [WaitingAnswer] {
        var removed: [WaitingAnswer] = []
        while total > limit,
            let slowest = answers.values.lazy.filter({ $0.count > 0 }).min(by: { $0.rate(at: now) < $1.rate(at: now) })
        {
            remove(slowest)
            removed.append(slowest)
        }
        return removed
    }

    private static func change(_ counts: inout [UInt64: Int], _ key: UInt64, by change: Int) {
        let count = counts[key, default: 0] + change
        counts[key] = count == 0 ? nil : count
    }
}
