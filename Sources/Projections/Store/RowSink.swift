internal import LMDB

/// Gathers row changes, table by table; hands over full blocks where there is somebody to take them.
final class RowSink {
    private var tables: [TableSink] = []
    private let write: ((RowChanges) throws -> Void)?

    /// - Parameter write: takes a block of changes as soon as it is full; without it all of them wait for ``finish()``.
    init(_ write: ((RowChanges) throws -> Void)? = nil) { self.write = write }

    /// Where the changes of a table go; to be asked once for each.
    func table(_ table: Table) -> TableSink {
        let sink = TableSink(table, write)
        tables.append(sink)
        return sink
    }

    /// Hands over what is left.
    ///
    /// - Returns: the changes of all tables if nobody takes blocks.
    func finish() throws -> [RowChanges] {
        let changes = tables.map(\.changes).filter { !$0.isEmpty }
        guard let write else { return changes }
        for change in changes { try write(change) }
        return []
    }
}

/// Gathers the changes of one table.
final class TableSink {
    private(set) var changes: RowChanges
    private let write: ((RowChanges) throws -> Void)?

    /// Large enough that handing it over costs nothing, small enough that a few of them wait in little memory.
    private static let blockSize = 1 << 20

    fileprivate init(_ table: Table, _ write: ((RowChanges) throws -> Void)?) {
        changes = RowChanges(table)
        self.write = write
    }

    /// Sets a row; `fill` appends the value.
    @inline(__always)
    func set(_ key: RowKey, _ fill: (inout [UInt8]) throws -> Void) throws {
        try changes.set(key, fill)
        if changes.byteCount >= Self.blockSize { try flush() }
    }

    /// Sets a row whose key says all.
    @inline(__always)
    func set(_ key: RowKey) throws { try set(key) { _ in } }

    /// Removes a row, if it is there.
    @inline(__always)
    func remove(_ key: RowKey) throws {
        changes.remove(key)
        if changes.byteCount >= Self.blockSize { try flush() }
    }

    private func flush() throws {
        guard let write else { return }
        try write(changes)
        changes = RowChanges(like: changes)
    }
}
