internal import LMDB
internal import Microblog
internal import Sorting
internal import Threads

/// What the projectors on one thread share: the tables, the log to look events up in, and room to sort.
final class ProjectorContext: @unchecked Sendable {
    // because every projector that gets it runs on the same thread, one at a time. Another thread touches `offered`
    // alone, which any thread may.
    let tables: ViewTables
    /// Reads the views as they are before a batch, at one moment for all projectors; `nil` until it is first needed.
    var reader: PageReader?
    /// Look-ups that another thread may do: see ``LookAhead``.
    let offered = Mailbox<LookUp>()
    /// The batch that is projected, if it is in memory. Its events need no look-up in the log.
    var batch: EventBatch?
    private let log: any EventSource
    private let workspace: Workspace
    private var accounts: KnownAccounts

    init(_ tables: ViewTables, _ log: any EventSource, _ workspace: Workspace) {
        self.tables = tables
        self.log = log
        self.workspace = workspace
        accounts = KnownAccounts(memory: workspace.accountMemory)
    }

    /// A sorter within the available memory.
    func sorter() -> EntrySorter { EntrySorter(memory: workspace.sorterMemory, directory: workspace.directory) }

    /// How much of a table with unordered rows is sorted at a time, in bytes.
    var unorderedBlock: Int { workspace.unorderedBlock }

    /// The event at a position.
    func event(at position: UInt64) throws -> RecordedEvent? {
        try batch?.event(at: position) ?? log.event(at: position)
    }

    /// The events at some positions, which must have been taken in.
    func events(at positions: [UInt64]) throws -> [RecordedEvent] {
        if let batch { return positions.compactMap { batch.event(at: $0) } }
        return try log.events(at: positions)
    }

    /// Begins to look some events up, which must have been taken in. It is offered to the other thread of a rebuild,
    /// unless that has not come to the last ones yet.
    func lookUp(_ positions: [UInt64]) -> LookUp {
        let lookUp = LookUp(positions, in: log)
        offered.put(lookUp, limit: Self.offeredAtMost)
        return lookUp
    }

    private static let offeredAtMost = 64

    /// Remembers the accounts that are registered, so that they need no look-up later.
    func learnAccounts(_ part: EventBatch) {
        for recorded in part.events {
            if case .accountRegistered = recorded.event { accounts.insert(recorded.position) }
        }
    }

    /// Makes sure that an account exists, because a page that shows it looks its name up.
    ///
    /// - Parameter position: the event that needs it.
    /// - Throws: ``ProjectionError`` if no event registered the account.
    @inline(__always)
    func require(_ account: AccountID, for position: UInt64) throws {
        if !accounts.contains(account.rawValue) { try lookUp(account, for: position) }
    }

    /// An uploaded file, and who uploaded it.
    ///
    /// - Parameter position: the event that needs it.
    /// - Throws: ``ProjectionError`` if no event uploaded it.
    func upload(_ id: MediaID, for position: UInt64) throws -> MediaRow {
        let recorded = try event(at: id.rawValue)
        guard let recorded, case .mediaUploaded(let uploaded) = recorded.event else {
            throw ProjectionError(position: position, problem: "media \(id) was never uploaded")
        }
        return MediaRow(
            owner: recorded.account, post: nil, size: uploaded.size,
            file: Attachment(content: uploaded.content, type: uploaded.type))
    }

    private func lookUp(_ account: AccountID, for position: UInt64) throws {
        guard case .accountRegistered? = try event(at: account.rawValue)?.event else {
            throw ProjectionError(position: position, problem: "account \(account) was never registered")
        }
        accounts.insert(account.rawValue)
    }
}

/// Accounts that are known to exist. A rebuild asks millions of times, about hundreds of thousands of accounts.
///
/// There is a bit for each position of the log, so a million positions take 128 KB, which stay near the processor.
struct KnownAccounts {
    private var words: [UInt64] = []
    private let limit: Int

    /// - Parameter memory: the most bytes to use, except while it grows.
    init(memory: Int) { limit = memory / MemoryLayout<UInt64>.stride }

    /// Notes an account. Those behind the end of the memory are passed over, and are looked up each time.
    mutating func insert(_ account: UInt64) {
        guard let word = Int(exactly: account / 64), word < limit else { return }
        if word >= words.count { grow(to: word + 1) }
        words[word] |= 1 << (account % 64)
    }

    /// Whether an account is known.
    @inline(__always)
    func contains(_ account: UInt64) -> Bool {
        let word = account / 64
        return word < words.count && words[Int(word)] >> (account % 64) & 1 == 1
    }

    private mutating func grow(to count: Int) {
        let larger = min(max(count, words.count * 2, 64), limit)
        words += [UInt64](repeating: 0, count: larger - words.count)
    }
}

/// The memory and disk that projectors may use for a batch.
struct Workspace: Sendable {
    /// Where sorters put what does not fit in memory.
    let directory: String
    /// The bytes of memory for everything.
    let memory: Int

    /// Live batches are small and never come near it.
    static func live(_ directory: String) -> Workspace { Workspace(directory: directory, memory: 256 << 20) }

    /// No more than seven sorters are full at a time: three gather all of a rebuild's events, and the projector that
    /// emits fills up to four more.
    var sorterMemory: Int { memory / 10 }
    /// How many bytes of a table with unordered rows are sorted at a time. Three such tables are filled at once.
    var unorderedBlock: Int { memory / 32 }
    /// How many blocks of rows, of some 1 MB, may wait to be written.
    var blocksWaiting: Int { max(8, memory >> 24) }
    /// Bytes to remember accounts in.
    var accountMemory: Int { memory / 16 }
}
