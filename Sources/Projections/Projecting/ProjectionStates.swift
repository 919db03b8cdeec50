internal import Synchronization
internal import Threads

/// Which read models answer, and why the others do not. The projection, queries and status pages share it.
public final class ProjectionStates: Sendable {
    /// A read model that stands still.
    public struct Stopped: Sendable, Error, CustomStringConvertible {
        /// Which read model.
        public let model: ReadModel
        /// The last position that it reflects.
        public let position: UInt64
        /// What was wrong with the next event, or what else is in the way.
        public let reason: String
        /// Whether the next generation is being built and will replace it.
        public let isBeingRebuilt: Bool

        /// One line for people.
        public var description: String {
            isBeingRebuilt
                ? "read model \(model.name) is being rebuilt: \(reason)"
                : "read model \(model.name) stopped at position \(position): \(reason)"
        }
    }

    private let anyStopped = Atomic(false)
    private let stopped = Guarded<[ReadModel: Stopped]>([:])

    /// At first everything runs.
    public init() {}

    /// Whether any read model stands still. It is cheap enough to read on every request.
    public var isAnyStopped: Bool { anyStopped.load(ordering: .relaxed) }

    /// Whether a read model stands still.
    public func isStopped(_ model: ReadModel) -> Bool { state(of: model) != nil }

    /// Why a read model stands still; `nil` while it does not.
    public func state(of model: ReadModel) -> Stopped? { stopped.withLock { $0[model] } }

    /// All read models that stand still.
    public var all: [Stopped] { stopped.withLock { $0.values.sorted { $0.model.rawValue < $1.model.rawValue } } }

    /// Notes that a read model stands still. The first reason stays, unless that reason was that it is being rebuilt.
    ///
    /// - Parameter rebuilding: whether the next generation is being built and will replace it.
    public func stop(_ model: ReadModel, at position: UInt64, because reason: String, rebuilding: Bool = false) {
        stopped.withLock { states in
            guard states[model]?.isBeingRebuilt ?? true else { return }
            anyStopped.store(true, ordering: .relaxed)
            states[model] = Stopped(
                model: model, position: position, reason: reason, isBeingRebuilt: rebuilding)
        }
    }

    /// Notes that all read models go on, in a new generation.
    public func clear() {
        stopped.withLock { states in
            states = [:]
            anyStopped.store(false, ordering: .relaxed)
        }
    }
}
