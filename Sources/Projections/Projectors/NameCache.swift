internal import Microblog

/// Display names for the rows that show them, from the batch, the views, or memory.
struct NameCache {
    private var known: [AccountID: [UInt8]] = [:]

    /// Enough for the accounts that are active at a time; some 10 MB.
    private static let limit = 100_000

    /// The name of an account, in UTF-8.
    ///
    /// - Throws: ``ProjectionError`` if no event registered the account.
    mutating func name(
        of account: AccountID, in batch: EventBatch, _ snapshot: ViewSnapshot, at position: UInt64
    ) throws -> [UInt8] {
        if let name = known[account] { return name }
        let name: [UInt8]
        if let registered = batch.names[account] {
            name = registered
        } else if let row = try snapshot.account(account) {
            name = Array(row.name)
        } else {
            throw ProjectionError(position: position, problem: "account \(account) was never registered")
        }
        if known.count >= Self.limit { known.removeAll(keepingCapacity: true) }
        known[account] = name
        return name
    }
}
