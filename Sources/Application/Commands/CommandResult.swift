public import Microblog

/// What became of a command.
public enum CommandOutcome: Sendable, Equatable {
    /// It brought about the event at this position, which is also the id of what it created.
    case event(UInt64)
    /// What it wanted was already so.
    case unchanged
}

/// Why a command brought about nothing.
public enum CommandFailure: Error, Sendable, CustomStringConvertible {
    /// A rule forbids it.
    case rejected(Rejection)
    /// Its idempotency key was used for another command before.
    case idempotencyKeyReused(String)
    /// It cannot be stored now; it may succeed later.
    case unavailable(String)
    /// This server shows a moment of the past: the position, and its time.
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
