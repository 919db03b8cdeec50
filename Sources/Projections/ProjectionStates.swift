internal import Synchronization
internal import Threads

/// Which read models have stopped, and why. Shared by the projection, queries and status pages.
public final class ProjectionStates: Sendable {
    /// A read model that stands still.
    public struct Stopped: Sendable, Error, CustomStringConvertible {
        /// Which one.
        public let model: ReadModel
        /// The last position that it reflects.
        public let position: UInt64
        /// What was wrong with the event after that.
        public let reason: String

        /// One line for people.
        public var description: String {
            "read model \(model.name) stopped at position \(position): \(reason)"
        }
    }

    private let anyStopped = Atomic(false)
    private let stopped = Guarded<[ReadModel: Stopped]>([:])

    /// Everything runs at first.
    public init() {}

    /// Whether any read model stands still; cheap enough to ask on every request.
    public var isAnyStopped: Bool { anyStopped.load(ordering: .relaxed) }

    /// Whether a read model stands still.
    public func isStopped(_ model: ReadModel) -> Bool { stopped.withLock { $0[model] != nil } }

    /// All that stand still.
    public var all: [Stopped] { stopped.withLock { $0.values.sorted { $0.model.rawValue < $1.model.rawValue } } }

    /// Notes that a read model stands still; the first reason stays.
    public func stop(_ model: ReadModel, at position: UInt64, because reason: String) {
        stopped.withLock { states in
            guard states[model] == nil else { return }
            anyStopped.store(true, ordering: .relaxed)
            states[model] = Stopped(model: model, position: position, reason: reason)
        }
    }
}
