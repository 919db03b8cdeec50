internal import EventLog
public import Microblog
internal import Projections
internal import Sealing

extension Martlet {
    /// Decides and stores commands, in this order, though others may come in between.
    ///
    /// - Parameter completion: gets the answers, in one part or several, each once: when the events are durable and
    ///   queries show them, or when there is no event. It runs on a thread of Martlet and must not block it.
    public func execute(
        _ requests: [CommandRequest], completion: @escaping @Sendable ([CommandAnswer]) -> Void
    ) {
        guard let log else { return refuse(requests, past ?? .unavailable("there is no log to write to"), completion) }
        // Otherwise events that nobody can see would pile up, and callers that wait for an answer with them.
        if let obstacle = visibility.obstacle { return refuse(requests, .unavailable(obstacle), completion) }
        log.submit(CommandBatch(requests, self, StreamNames(log), completion: completion).proposals)
    }

    private func refuse(
        _ requests: [CommandRequest], _ failure: CommandFailure, _ completion: ([CommandAnswer]) -> Void
    ) {
        completion(requests.indices.map { CommandAnswer(index: $0, result: .failure(failure)) })
    }

    /// Decides and stores a command.
    ///
    /// - Parameters:
    ///   - command: what is wanted.
    ///   - issuer: who wants it. The caller has checked this.
    ///   - idempotencyKey: 1 to 255 bytes that make it safe to send the command again; `nil` for no key.
    ///   - completion: called once, as that of ``execute(_:completion:)``.
    public func execute(
        _ command: Command, by issuer: Issuer, idempotencyKey: String? = nil,
        completion: @escaping @Sendable (Result<CommandOutcome, CommandFailure>) -> Void
    ) {
        execute([CommandRequest(command, by: issuer, idempotencyKey: idempotencyKey)]) { completion($0[0].result) }
    }

    /// Decides and stores a command, and waits until queries show it.
    public func execute(
        _ command: Command, by issuer: Issuer, idempotencyKey: String? = nil
    ) async throws(CommandFailure) -> CommandOutcome {
        let result = await withCheckedContinuation { continuation in
            execute(command, by: issuer, idempotencyKey: idempotencyKey) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    /// Asks the rules; the answer to a command that changes nothing is empty, or the rejection.
    ///
    /// - Parameter note: gets the event that is to be appended.
    static func decision(
        on command: Command, by issuer: Issuer, _ limits: Limits, _ context: any DecisionContext,
        _ names: StreamNames, note: (RecordedEvent) -> Void = { _ in }
    ) -> Decision {
        var facts = LogFacts(context, names)
        do throws(Rejection) {
            let event = try Microblog.decide(command, by: issuer, limits: limits, facts: &facts)
            if let problem = facts.problem { return .refuse(answer: [undecided] + problem.utf8) }
            guard let event else { return .nothing(answer: []) }
            note(RecordedEvent(position: context.nextPosition, time: context.time, issuer: issuer, event: event))
            return .append(NewEvent(event, at: context.nextPosition, by: issuer, names: names, from: facts))
        } catch {
            if let problem = facts.problem { return .refuse(answer: [undecided] + problem.utf8) }
            return .nothing(answer: error.encode())
        }
    }

    /// Begins an answer that says why nothing could be decided. Rejections begin with other numbers.
    private static let undecided: UInt8 = 0

    /// Reads the log's outcome: what the caller is told, and the position that queries must reflect first.
    static func outcome(
        of result: Result<Outcome, LogError>, answering command: Command
    ) -> (position: UInt64, result: Result<CommandOutcome, CommandFailure>) {
        switch result {
        case .success(.appended(let position)): (position, .success(.event(position)))
        case .success(.nothing(let bytes, let position)): (position, outcome(kept: bytes, answering: command))
        case .success(.repeated(0, let bytes)): (0, outcome(kept: bytes, answering: command))
        case .success(.repeated(let position, _)): (position, .success(.event(position)))
        case .failure(.idempotencyKeyReused(_, let key)): (0, .failure(.idempotencyKeyReused(key)))
        case .failure(let error): (0, .failure(.unavailable("\(error)")))
        }
    }

    /// Reads the answer to a command that brought about no event.
    ///
    /// - Parameter command: the one that was answered, or the same one sent again. The kept answer does not hold what a
    ///   person wrote in it.
    static func outcome(kept answer: [UInt8], answering command: Command) -> Result<CommandOutcome, CommandFailure> {
        guard !answer.isEmpty else { return .success(.unchanged) }
        if answer[0] == undecided {
            return .failure(.unavailable(String(decoding: answer.dropFirst(), as: UTF8.self)))
        }
        do {
            return .failure(
                .rejected(
                    try answer.withUnsafeBytes { bytes throws(RejectionDecodingError) in
                        try Rejection.decode(bytes, answering: command)
                    }))
        } catch {
            return .failure(.unavailable("the answer that was kept cannot be read: \(error)"))
        }
    }
}

extension Keyring {
    /// The fingerprint that stands for one of a log from before, which was not keyed.
    func keyed(_ fingerprint: UnsafeRawBufferPointer) -> [UInt8] { hash(fingerprint, purpose: .fingerprint) }
}

/// The outcome of a command.
public enum CommandOutcome: Sendable, Equatable {
    /// It made the event at this position, which is also the id of what it created.
    case event(UInt64)
    /// The state was already as the command wanted it.
    case unchanged
}

/// Why a command had no effect.
public enum CommandFailure: Error, Sendable, CustomStringConvertible {
    /// A rule forbids it.
    case rejected(Rejection)
    /// Its idempotency key was used for another command before.
    case idempotencyKeyReused(String)
    /// It cannot be stored now. It may succeed later.
    case unavailable(String)
    /// This server shows a moment in the past: the position and its time.
    case past(UInt64, Timestamp)

    /// One line for people.
    public var description: String {
        switch self {
        case .rejected(let rejection): rejection.message
        case .idempotencyKeyReused(let key):
            "the idempotency key \"\(key)\" was used before for another request; use a new key for a new request"
        case .unavailable(let reason): reason
        case .past(let position, let time):
            "this server shows the state at position \(position), of \(time), and changes nothing"
        }
    }
}
