internal import Bytes
internal import Microblog
internal import Sorting

/// What projectors on one thread work with: the tables, the log to look events up in, names, and room to sort.
final class ProjectorContext: @unchecked Sendable {
    // @unchecked because every projector that is given it runs on the same thread, one at a time.
    let tables: ViewTables
    /// The batch that is projected, where it is at hand: its events need no look-up in the log.
    var batch: EventBatch?
    private let log: any EventSource
    private let workspace: Workspace
    private var names: NameTable

    init(_ tables: ViewTables, _ log: any EventSource, _ workspace: Workspace) {
        self.tables = tables
        self.log = log
        self.workspace = workspace
        names = NameTable(memory: workspace.nameMemory)
    }

    /// A sorter within the memory that there is.
    func sorter() -> EntrySorter { EntrySorter(memory: workspace.sorterMemory, directory: workspace.directory) }

    /// How much of a table whose rows come in no order is sorted at a time, in bytes.
    var unorderedBlock: Int { workspace.unorderedBlock }

    /// The event at a position.
    func event(at position: UInt64) throws -> RecordedEvent? {
        try batch?.event(at: position) ?? log.event(at: position)
    }

    /// The events at some positions, which are those of events that were taken in.
    func events(at positions: [UInt64]) throws -> [RecordedEvent] {
        if let batch { return positions.compactMap { batch.event(at: $0) } }
        return try log.events(at: positions)
    }

    /// Remembers the names of accounts that are registered, so that they need no look-up later.
    func learnNames(_ part: EventBatch) {
        for recorded in part.events {
            guard case .accountRegistered(_, let name, _, _) = recorded.event else { continue }
            names.insert(recorded.position, name.text)
        }
    }

    /// Appends the row of a person in a list.
    ///
    /// - Parameter position: the event that needs it.
    /// - Throws: ``ProjectionError`` if no event registered the account.
    @inline(__always)
    func appendPerson(_ account: AccountID, for position: UInt64, to row: inout [UInt8]) throws {
        row.append(bigEndian: account.rawValue)
        if !names.append(account, to: &row) { row += try lookUpName(of: account, for: position).utf8 }
    }

    /// The display name of an account.
    ///
    /// - Parameter position: the event that needs it.
    /// - Throws: ``ProjectionError`` if no event registered the account.
    func name(of account: AccountID, for position: UInt64) throws -> [UInt8] {
        var name: [UInt8] = []
        return names.append(account, to: &name) ? name : Array(try lookUpName(of: account, for: position).utf8)
    }

    /// An uploaded file, and who uploaded it.
    ///
    /// - Parameter position: the event that needs it.
    /// - Throws: ``ProjectionError`` if no event uploaded it.
    func upload(_ id: MediaID, for position: UInt64) throws -> MediaRow {
        let recorded = try event(at: id.rawValue)
        guard let recorded, case .mediaUploaded(let content, let type, let size) = recorded.event else {
            throw ProjectionError(position: position, problem: "media \(id) was never uploaded")
        }
        return MediaRow(
            owner: recorded.account, post: nil, size: size, file: Attachment(content: content, type: type))
    }

    private func lookUpName(of account: AccountID, for position: UInt64) throws -> String {
        guard case .accountRegistered(_, let name, _, _)? = try event(at: account.rawValue)?.event else {
            throw ProjectionError(position: position, problem: "account \(account) was never registered")
        }
        names.insert(account.rawValue, name.text)
        return name.text
    }
}
