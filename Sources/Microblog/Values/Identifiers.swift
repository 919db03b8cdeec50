/// The name of something that an event created: the log position of that event.
///
/// So ids are small (exact in JavaScript), ordered by time, never used twice, and need no generator. Positions start
/// at 1: an id of 0 can be written down but never names an entity.
public protocol EntityID: RawRepresentable<UInt64>, Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The id of what the event at this log position created.
    init(rawValue: UInt64)
}

extension EntityID {
    /// The id of what the event at this log position created.
    @inlinable
    public init(_ position: UInt64) {
        self.init(rawValue: position)
    }

    /// Orders by time of creation.
    @inlinable
    public static func < (left: Self, right: Self) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The number in decimal.
    public var description: String {
        String(rawValue)
    }
}

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

/// Names a post: the position of its `postPublished` event.
public struct PostID: EntityID {
    /// The log position.
    public let rawValue: UInt64

    /// The id of what the event at this log position created.
    @inlinable
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}

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
