internal import LMDB
internal import Sorting

/// Turns events into row changes for the tables that it alone names.
///
/// It gathers first and emits once: forty likes of a post are one change of its row. What it gathers is sorted by
/// entity, and all events of an entity are applied together to what the views held before. So live batches and rebuilds
/// have the same rules. A live batch is a few events on top of the newest views. A rebuild is one batch that is as long
/// as the log, on top of empty views. Its rows come out in key order, ready to be appended.
protocol Projector {
    /// Counts up with every change of the tables' layout or of the rules.
    static var version: UInt32 { get }

    /// How much work it is. This decides on which thread it runs if there are two.
    static var load: ProjectorLoad { get }

    /// The tables that it alone writes, in the order of its digest.
    static func tables(_ tables: ViewTables) -> [Table]

    /// Prepares for one batch.
    init(_ context: ProjectorContext)

    /// Takes in events of the batch, in order. It may be called again with the events that follow.
    ///
    /// Ids and references are what counts here: a rebuild leaves out what a person wrote until ``emit(over:to:)`` looks
    /// the event up.
    func take(_ events: [RecordedEvent]) throws

    /// The sorters that hold what it took in.
    var gathered: [EntrySorter] { get }

    /// Emits the changes of the events that were taken in, and forgets the events.
    ///
    /// - Parameters:
    ///   - before: the views as they were before the batch; `nil` before the log's first event.
    ///   - rows: where the changes go.
    /// - Throws: when the views or the log cannot be read, or an event cannot be applied.
    func emit(over before: ViewSnapshot?, to rows: RowSink) throws
}

/// How much a projector has to do, compared with the others.
enum ProjectorLoad: Comparable {
    /// Very little. In a rebuild it shares the thread that writes the tables.
    case light
    /// A large part of the time of a rebuild.
    case heavy
    /// As much as all others together. If there are two threads, it has one of its own.
    case heaviest
}

/// An event that a projector cannot apply: its position, and the reason.
struct ProjectionError: Error, CustomStringConvertible {
    let position: UInt64
    let problem: String

    var description: String { "event \(position): \(problem)" }
}

extension EntrySorter {
    /// Lends all entries in order, and tells where the entries with the same `first` end.
    ///
    /// - Parameters:
    ///   - body: gets every entry.
    ///   - end: gets each `first`, after the last of its entries.
    func drainGroups(_ body: (SortEntry) throws -> Void, end: (UInt64) throws -> Void) throws {
        var group: UInt64?
        try drain { entry in
            if let group, group != entry.first { try end(group) }
            group = entry.first
            try body(entry)
        }
        if let group { try end(group) }
    }
}
