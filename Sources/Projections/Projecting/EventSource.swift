/// Where projectors look events up again.
///
/// An entity's id is the position of the event that created it, so the log itself tells the name of an account, the
/// content of a file and the text of a post, with no need for another projector's rows.
public protocol EventSource: Sendable {
    /// The event at a position of the log, or `nil` if the log does not reach that far.
    func event(at position: UInt64) throws -> RecordedEvent?

    /// The events at some positions, all of which are there; cheaper than one by one.
    func events(at positions: [UInt64]) throws -> [RecordedEvent]
}
