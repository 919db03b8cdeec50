public import Microblog

/// What a history was asked of never existed.
public struct NoSuchEntity: Error, Sendable, CustomStringConvertible {
    /// What was asked for.
    public let entity: Stream
    private let reason: String

    init(_ entity: Stream, _ reason: String) {
        self.entity = entity
        self.reason = reason
    }

    /// One line for people.
    public var description: String { "there never was \(entity): \(reason)" }
}
