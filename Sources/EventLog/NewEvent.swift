/// An event that is to be appended: everything but what the log itself decides (position, time, versions).
public struct NewEvent: Sendable {
    /// The streams whose next event it is. The first one is its own; the others are those that it binds (a post that takes
    /// two media is the next event of three streams).
    ///
    /// `read` is how many events the stream had when the decision looked (0: none); `nil` when it did not look. The append
    /// checks it against the stream's head, which it needs anyway: so a decision that was made from something else than
    /// the log's present state is found before it is stored.
    public var streams: [(name: StreamName, read: Version?)]
    /// What happened, as a code that the log does not interpret.
    public var type: UInt8
    /// The version of the payload's layout.
    public var schema: UInt8
    /// Who did it; 0 is the operator.
    public var actor: UInt64
    /// Ids and references.
    public var payload: [UInt8]
    /// Text and names: apart, since a later log seals them with a key of whom they are about.
    public var personal: [UInt8]

    /// Describes an event.
    public init(
        streams: [(name: StreamName, read: Version?)], type: UInt8, schema: UInt8 = 1, actor: UInt64,
        payload: [UInt8] = [], personal: [UInt8] = []
    ) {
        precondition((1...255).contains(streams.count), "an event is in 1 to 255 streams")
        self.streams = streams
        self.type = type
        self.schema = schema
        self.actor = actor
        self.payload = payload
        self.personal = personal
    }
}
