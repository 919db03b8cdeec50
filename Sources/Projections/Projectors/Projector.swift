/// An actor that turns a batch of events into row changes for the tables that it alone names.
///
/// It gathers first and emits once: a post that is liked forty times in a batch is one change of its row. So the same
/// code serves small live batches and the large ones of a rebuild. It looks rows up in the views as they were before the
/// batch; nobody writes while projectors work, so all of them see the same moment.
protocol Projector: Actor {
    /// The read model that it builds.
    static var model: ReadModel { get }

    /// What the batch changes.
    ///
    /// - Throws: when the views cannot be read, or an event cannot be applied to them.
    func changes(for batch: EventBatch) throws -> [RowChanges]
}

/// An event that a projector cannot apply: where it stands, and why.
struct ProjectionError: Error, CustomStringConvertible {
    let position: UInt64
    let problem: String

    var description: String { "event \(position): \(problem)" }
}
