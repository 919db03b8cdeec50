/// An event's place in the log: gapless from 1, the total order of everything that happened. 0 is before the first event.
public typealias Position = UInt64

/// An event's place in its stream: gapless from 1.
public typealias Version = UInt64

/// The newest durable event of a log.
public struct LogHead: Sendable, Equatable {
    /// Its position; 0 while the log is empty.
    public var position: Position
    /// Its time, in milliseconds since 1970 UTC; 0 while the log is empty.
    public var time: Int64

    /// A head; the one of an empty log by default.
    public init(position: Position = 0, time: Int64 = 0) {
        self.position = position
        self.time = time
    }
}
