/// Names an account: the position of its `accountRegistered` event.
public struct AccountID: EntityID {
    /// The log position.
    public let rawValue: UInt64

    /// The id of what the event at this log position created.
    @inlinable
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}
