internal import LMDB

/// Gathers row changes, table by table; hands over full blocks where there is somebody to take them.
final class RowSink {
    private var tables: [TableSink] = []
    private let blocks: Blocks?

    /// Who takes blocks of changes as soon as they are full.
    struct Blocks {
        /// The size of a block that was not made in key order, in bytes: the larger, the fewer pages are changed twice.
        let unordered: Int
        /// Takes a block.
        let write: (RowChanges) throws -> Void
    }

    /// - Parameter blocks: without it all changes wait for ``finish()``.
    init(_ blocks: Blocks? = nil) { self.blocks = blocks }

    /// Where the changes of a table go; to be asked once for each.
    func table(_ table: Table) -> TableSink {
        let sink = TableSink(table, blocks)
        tables.append(sink)
        return sink
    }

    /// Hands over what is left.
    ///
    /// - Returns: the changes of all tables if nobody takes blocks.
    func finish() throws -> [RowChanges] {
        guard blocks != nil else { return tables.map(\.changes).filter { !$0.isEmpty } }
        for table in tables { try table.flush() }
        return []
    }
}

/// Gathers the changes of one table.
final class TableSink {
    private(set) var changes: RowChanges
    private let blocks: RowSink.Blocks?

    /// Large enough that handing it over costs nothing, small enough that a few of them wait in little memory.
    private static let ordered = 1 << 20

    fileprivate init(_ table: Table, _ blocks: RowSink.Blocks?) {
        changes = RowChanges(table)
        self.blocks = blocks
    }

    /// Sets a row; `fill` appends the value.
    @inline(__always)
    func set(_ key: RowKey, _ fill: (inout [UInt8]) throws -> Void) throws {
        try changes.set(key, fill)
        if changes.byteCount >= Self.ordered { try flushIfFull() }
    }

    /// Sets a row whose key says all.
    @inline(__always)
    func set(_ key: RowKey) throws { try set(key) { _ in } }

    /// Removes a row, if it is there.
    @inline(__always)
    func remove(_ key: RowKey) throws {
        changes.remove(key)
        if changes.byteCount >= Self.ordered { try flushIfFull() }
    }

    private func flushIfFull() throws {
        guard let blocks, changes.isSorted || changes.byteCount >= blocks.unordered else { return }
        try flush()
    }

    /// Hands over what there is, in key order: sorting is better done here than by the only writer.
    fileprivate func flush() throws {
        guard let blocks, !changes.isEmpty else { return }
        changes.sort()
        try blocks.write(changes)
        changes = RowChanges(like: changes)
    }
}
