/// An event as the log stores it; the layout is in `docs/events.md`.
public struct EncodedEvent: Hashable, Sendable {
    /// The kind of event.
    public var type: EventType
    /// The version of the layout.
    public var schema: UInt8
    /// Ids, references and codes: what may be kept when a person is forgotten.
    public var payload: [UInt8]
    /// What a person wrote: post text, display name. It stands apart so that it can be sealed with a key of that
    /// person's; empty for most events.
    public var personal: [UInt8]

    /// Puts the parts together.
    public init(type: EventType, schema: UInt8, payload: [UInt8], personal: [UInt8]) {
        self.type = type
        self.schema = schema
        self.payload = payload
        self.personal = personal
    }
}
