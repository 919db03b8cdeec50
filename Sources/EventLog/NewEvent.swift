/// An event that is to be appended: everything but what the log itself decides (position, time, versions).
public struct NewEvent: Sendable {
    /// The streams whose next event it is, with what must be true of each. The first one is its own; the others are those
    /// that it binds (a post that takes two media is the next event of three streams).
    public var streams: [(name: StreamName, expected: ExpectedVersion)]
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
        streams: [(name: StreamName, expected: ExpectedVersion)], type: UInt8, schema: UInt8 = 1, actor: UInt64,
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

/// What must be true of a stream for an append to go through.
public enum ExpectedVersion: Sendable, Equatable, CustomStringConvertible {
    /// Anything.
    case any
    /// That it has no event yet.
    case noStream
    /// That it has exactly so many events.
    case exactly(Version)

    /// Whether a stream with that many events (0: none) is as expected.
    public func allows(_ version: Version) -> Bool {
        switch self {
        case .any: true
        case .noStream: version == 0
        case .exactly(let expected): version == expected
        }
    }

    /// For messages.
    public var description: String {
        switch self {
        case .any: "any version"
        case .noStream: "no stream"
        case .exactly(let version): "version \(version)"
        }
    }
}
