/// An append-only sequence of events: the only truth that Martlet keeps.
///
/// Every engine gives the same promises, which one conformance suite checks:
/// positions are gapless from 1 and times never go back; a proposal that fails leaves no trace and does not disturb its
/// neighbours; nothing is acknowledged before it is durable; reading sees whole batches, without gap or repeat.
public protocol EventLog: LogSource {
    /// Hands a proposal to the writer and returns at once.
    func submit(_ proposal: Proposal)

    /// Blocks until there is an event after a position.
    ///
    /// - Returns: the newest durable position, or `nil` once the log is closed and there is none.
    func wait(after position: Position) -> Position?

    /// Refuses further proposals, completes those that wait, and closes. Later calls return at once.
    func close()
}
