import Threads

@testable import EventLog

/// What becomes of proposals, for the thread that waits for it.
typealias Answers = Mailbox<Result<Outcome, LogError>>

extension NewEvent {
    /// An event of one stream.
    static func of(
        _ stream: String, read: Version? = nil, type: UInt8 = 1, actor: UInt64 = 0, payload: String = ""
    ) -> NewEvent {
        NewEvent(
            streams: [(StreamName(stream), read)], type: type, actor: actor, payload: Array(payload.utf8))
    }

    /// An event of several streams.
    static func of(_ streams: [(String, Version?)], type: UInt8 = 1) -> NewEvent {
        NewEvent(streams: streams.map { (StreamName($0.0), $0.1) }, type: type, actor: 0)
    }
}

extension Idempotency {
    /// The key of an actor, for a request that `fingerprint` stands for.
    static func key(_ key: String, of actor: UInt64 = 1, _ fingerprint: UInt8 = 0) -> Idempotency {
        Idempotency(
            actor: actor, key: Array(key.utf8),
            fingerprint: [UInt8](repeating: fingerprint, count: Idempotency.fingerprintSize))
    }
}

extension EventLog {
    /// Proposes and waits.
    func propose(
        time: Int64? = nil, _ idempotency: Idempotency? = nil,
        _ decide: @escaping @Sendable (any DecisionContext) -> Decision
    ) throws(LogError) -> Outcome {
        let answers = Answers()
        submit(Proposal(time: time, idempotency: idempotency, decide: decide) { answers.put($0) })
        return try answers.take()![0].get()
    }

    /// Appends an event and waits.
    @discardableResult
    func append(_ event: NewEvent, time: Int64? = nil, _ idempotency: Idempotency? = nil) throws(LogError) -> Outcome {
        try propose(time: time, idempotency) { _ in .append(event) }
    }

    /// A stream's newest event, as a decision sees it.
    func head(of stream: StreamName) throws(LogError) -> StreamHead? {
        let found = Guarded<StreamHead?>(nil)
        _ = try propose { context in
            found.withLock { $0 = context.head(of: stream) }
            return .refuse(answer: [])
        }
        return found.withLock { $0 }
    }

    /// Proposes so that an engine with group commit decides all in one batch: the first proposal holds the writer up
    /// until the others wait.
    ///
    /// - Returns: what became of each, in the order of submission.
    func proposeTogether(_ proposals: [@Sendable (any DecisionContext) -> Decision]) -> [Result<Outcome, LogError>] {
        let answers = Answers()
        let isHeldUp = Watermark(0)
        let allWait = Watermark(0)
        submit(
            Proposal(
                decide: { _ in
                    isHeldUp.advance(to: 1)
                    _ = allWait.wait(beyond: 0)
                    return .nothing(answer: [])
                }, completion: { _ in }))
        _ = isHeldUp.wait(beyond: 0)
        for decide in proposals {
            submit(Proposal(decide: decide) { answers.put($0) })
        }
        allWait.advance(to: 1)
        return answers.take(count: proposals.count)
    }
}

extension LogSource {
    /// The records after a position, copied.
    func records(after position: Position = 0, limit: Int = .max) throws -> [[UInt8]] {
        var records: [[UInt8]] = []
        let count = try read(after: position, limit: limit) { records.append(Array($0.bytes)) }
        precondition(count == records.count, "read lent \(records.count) records and said \(count)")
        return records
    }

    /// A value of every record after a position.
    func map<Value>(after position: Position = 0, limit: Int = .max, _ value: (RecordView) -> Value) throws -> [Value] {
        var values: [Value] = []
        _ = try read(after: position, limit: limit) { values.append(value($0)) }
        return values
    }
}

extension Mailbox {
    /// Waits for so many elements.
    func take(count: Int) -> [Element] {
        var taken: [Element] = []
        while taken.count < count, let more = take(limit: count - taken.count) { taken += more }
        return taken
    }
}

/// The log's error that a call throws, if it is one.
func logError(_ body: () throws -> Void) -> LogError? {
    do {
        try body()
        return nil
    } catch {
        return error as? LogError
    }
}

/// What the damage is that a call throws for, if it is some.
func damage(_ body: () throws -> Void) -> LogCorruption? {
    do {
        try body()
        return nil
    } catch {
        return error as? LogCorruption
    }
}
