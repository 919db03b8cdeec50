/// Names one uploaded file: the position of its `mediaUploaded` event.
public struct MediaID: EntityID {
    /// The log position.
    public let rawValue: UInt64

    /// The id of what the event at this log position created.
    @inlinable
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}
