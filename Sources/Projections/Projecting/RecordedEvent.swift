public import Microblog

/// An event with its envelope, as projectors see it.
public struct RecordedEvent: Sendable {
    /// Its place in the log, and the id of what it created.
    public let position: UInt64
    /// When, in milliseconds since 1970 UTC.
    public let time: Int64
    /// Who did it.
    public let issuer: Issuer
    /// What happened.
    public let event: Event

    /// Puts an event into its envelope.
    public init(position: UInt64, time: Int64, issuer: Issuer, event: Event) {
        self.position = position
        self.time = time
        self.issuer = issuer
        self.event = event
    }

    /// The account that did it; 0 stands for the operator.
    var account: AccountID { AccountID(issuer.rawValue) }
}
