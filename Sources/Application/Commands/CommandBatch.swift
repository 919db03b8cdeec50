internal import EventLog
internal import Hashing
public import Microblog
internal import Sealing

/// A command that is wanted, and by whom.
public struct CommandRequest: Sendable {
    /// What is wanted.
    public let command: Command
    /// Who wants it. The caller has checked this.
    public let issuer: Issuer
    /// 1 to 255 bytes that make it safe to send the command again; `nil` for no key.
    public let idempotencyKey: String?

    /// Wants a command.
    public init(_ command: Command, by issuer: Issuer, idempotencyKey: String? = nil) {
        self.command = command
        self.issuer = issuer
        self.idempotencyKey = idempotencyKey
    }
}

/// What became of a command.
public struct CommandAnswer: Sendable {
    /// Its place among the commands that were handed over together, from 0.
    public let index: Int
    /// The outcome, or why it had no effect.
    public let result: Result<CommandOutcome, CommandFailure>
}

/// Commands that were handed over together, on their way through the log and the read models.
///
/// They share all that a command needs besides itself, so none of them has a closure or a lock of its own.
final class CommandBatch: Proposer {
    private let requests: [CommandRequest]
    private let limits: Limits
    private let names: StreamNames
    private let relay: EventRelay
    private let visibility: Visibility
    private let completion: @Sendable ([CommandAnswer]) -> Void

    /// - Parameter completion: gets the answers, in one or several parts.
    init(
        _ requests: [CommandRequest], _ martlet: Martlet, _ names: StreamNames,
        completion: @escaping @Sendable ([CommandAnswer]) -> Void
    ) {
        self.requests = requests
        self.names = names
        self.completion = completion
        limits = martlet.limits
        relay = martlet.relay
        visibility = martlet.visibility
    }

    /// The form in which the log takes them.
    var proposals: [Proposal] {
        requests.enumerated().map { index, request in
            Proposal(idempotency: request.idempotencyKey.map { idempotency(of: request, $0) }, index, of: self)
        }
    }

    private func idempotency(of request: CommandRequest, _ key: String) -> Idempotency {
        var bytes: [UInt8] = []
        request.command.encode(into: &bytes)
        return Idempotency(
            actor: request.issuer.rawValue, key: Array(key.utf8),
            fingerprint: bytes.withUnsafeBytes { names.fingerprint(of: $0) })
    }

    func decide(_ number: Int, over log: any DecisionContext) -> Decision {
        let request = requests[number]
        return Martlet.decision(on: request.command, by: request.issuer, limits, log, names) { [relay] event in
            relay.take(event)
        }
    }

    /// Answers as soon as queries show all of it.
    func conclude(_ conclusions: [Conclusion]) {
        var newest: UInt64 = 0
        let answers = conclusions.map { conclusion in
            let outcome = Martlet.outcome(of: conclusion.result, answering: requests[conclusion.number].command)
            newest = max(newest, outcome.position)
            return CommandAnswer(index: conclusion.number, result: outcome.result)
        }
        visibility.when(newest) { [completion] isVisible in
            completion(isVisible ? answers : answers.map(\.hidden))
        }
    }
}

extension CommandAnswer {
    /// The answer where the read models have stopped and do not show the outcome. A rejection names its reason, be they
    /// where they may.
    fileprivate var hidden: CommandAnswer {
        guard case .success = result else { return self }
        let reason = "it is stored, but the read models have stopped and do not show it"
        return CommandAnswer(index: index, result: .failure(.unavailable(reason)))
    }
}
