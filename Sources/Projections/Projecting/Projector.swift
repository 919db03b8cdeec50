internal import LMDB
internal import Sorting

/// Turns events into row changes for the tables that it alone names.
///
/// It gathers first and emits once: a post that is liked forty times is one change of its row. What it gathers is sorted
/// by entity, and every entity's events are folded in one go over what the views held before. So there is one set of rules
/// for all speeds: a live batch is a few events over the newest views, a rebuild is one batch that is as long as the log
/// over nothing, and its rows come out in key order, ready to be appended.
protocol Projector {
    /// Counts up with every change of the tables' layout or of the rules.
    static var version: UInt32 { get }

    /// How much work it is, which decides on which thread it runs where there are two.
    static var load: ProjectorLoad { get }

    /// The tables that it alone writes, in the order of its digest.
    static func tables(_ tables: ViewTables) -> [Table]

    /// Prepares for one batch.
    init(_ context: ProjectorContext)

    /// Takes in events of the batch, in order; may be called again with those that follow.
    func take(_ events: [RecordedEvent]) throws

    /// Where it keeps what it took in.
    var gathered: [EntrySorter] { get }

    /// Emits what the events that were taken in change, and forgets them.
    ///
    /// - Parameters:
    ///   - before: the views as they were before the batch; `nil` before the log's first event.
    ///   - rows: where the changes go.
    /// - Throws: when the views or the log cannot be read, or an event cannot be applied.
    func emit(over before: ViewSnapshot?, to rows: RowSink) throws
}

/// How much a projector has to do, compared with the others.
enum ProjectorLoad: Comparable {
    /// Next to nothing: in a rebuild it shares the thread that writes the tables.
    case light
    /// One of those that a rebuild takes its time for.
    case heavy
    /// As much as all others together: with two threads it has one of its own.
    case heaviest
}

/// An event that a projector cannot apply: where it stands, and why.
struct ProjectionError: Error, CustomStringConvertible {
    let position: UInt64
    let problem: String

    var description: String { "event \(position): \(problem)" }
}

extension EntrySorter {
    /// Lends all entries in order, and says where those of one `first` end.
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
