import CLMDB

/// The cursors of a ``Reader``, which outlive its single readings: opening one costs an allocation, and one that is still near
/// the key that is looked up next need not come down from the root.
///
/// Two for each table: one to look keys up, one to be lent for moving about, so that neither loses its place to the other.
/// A value that refers to memory; the reader that made it frees it, and nothing is checked.
struct KeptCursors {
    private struct Slot {
        var raw: OpaquePointer?
        var moment: UInt64 = 0
        var isLent = false
    }

    private let slots: UnsafeMutablePointer<Slot>
    private let count: Int

    init(tableLimit: Int) {
        // LMDB's numbers of named tables begin after those of its own two.
        count = 2 * (tableLimit + 2)
        slots = .allocate(capacity: count)
        slots.initialize(repeating: Slot(), count: count)
    }

    /// Closes all cursors, while their transaction is still there.
    func free() {
        for index in 0..<count { mdb_cursor_close(slots[index].raw) }
        slots.deallocate()
    }

    /// The cursor to look a key up with.
    ///
    /// - Parameters:
    ///   - transaction: of the reader.
    ///   - moment: a number that is another one whenever the transaction was renewed.
    @inline(__always)
    func lookUp(_ table: Table, _ transaction: OpaquePointer, _ moment: UInt64) throws(LMDBError) -> OpaquePointer {
        try ready(2 * Int(table.id), table, transaction, moment)
    }

    /// The cursor to move about with, or `nil` while it is lent already; to be given back with ``giveBack(_:)``.
    @inline(__always)
    func lend(_ table: Table, _ transaction: OpaquePointer, _ moment: UInt64) throws(LMDBError) -> OpaquePointer? {
        let index = 2 * Int(table.id) + 1
        guard !slots[index].isLent else { return nil }
        // Always, since whoever is lent a cursor expects it to have no place yet.
        let cursor = try renew(index, table, transaction, moment)
        slots[index].isLent = true
        return cursor
    }

    /// Ends what ``lend(_:_:_:)`` began.
    func giveBack(_ table: UInt32) { slots[2 * Int(table) + 1].isLent = false }

    @inline(__always)
    private func ready(
        _ index: Int, _ table: Table, _ transaction: OpaquePointer, _ moment: UInt64
    ) throws(LMDBError) -> OpaquePointer {
        if slots[index].moment == moment, let raw = slots[index].raw { return raw }
        return try renew(index, table, transaction, moment)
    }

    private func renew(
        _ index: Int, _ table: Table, _ transaction: OpaquePointer, _ moment: UInt64
    ) throws(LMDBError) -> OpaquePointer {
        precondition(index < count, "table \(table.name) is beyond the limit of the environment")
        if let raw = slots[index].raw {
            try check(mdb_cursor_renew(transaction, raw), "mdb_cursor_renew", table.name)
        } else {
            try check(mdb_cursor_open(transaction, table.id, &slots[index].raw), "mdb_cursor_open", table.name)
        }
        slots[index].moment = moment
        return slots[index].raw!
    }
}
