internal import Microblog
internal import Sorting

/// What a projector works with: the tables, the log to look events up in, names, and room to sort.
final class ProjectorContext {
    let tables: ViewTables
    /// The batch that is projected, where it is at hand: its events need no look-up in the log.
    var batch: EventBatch?
    private let log: any EventSource
    private let workspace: Workspace
    private var names: [AccountID: [UInt8]] = [:]
    private let nameLimit: Int

    init(_ tables: ViewTables, _ log: any EventSource, _ workspace: Workspace) {
        self.tables = tables
        self.log = log
        self.workspace = workspace
        nameLimit = workspace.nameMemory / 100
    }

    /// A sorter within the memory that there is.
    func sorter() -> EntrySorter { EntrySorter(memory: workspace.sorterMemory, directory: workspace.directory) }

    /// The event at a position.
    func event(at position: UInt64) throws -> RecordedEvent? {
        try batch?.event(at: position) ?? log.event(at: position)
    }

    /// The display name of an account, in UTF-8.
    ///
    /// - Parameter position: the event that needs it.
    /// - Throws: ``ProjectionError`` if no event registered the account.
    func name(of account: AccountID, for position: UInt64) throws -> [UInt8] {
        if let name = names[account] { return name }
        guard case .accountRegistered(_, let name, _, _)? = try event(at: account.rawValue)?.event else {
            throw ProjectionError(position: position, problem: "account \(account) was never registered")
        }
        if names.count >= nameLimit { names.removeAll(keepingCapacity: true) }
        let text = Array(name.text.utf8)
        names[account] = text
        return text
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
}
