internal import LMDB

/// Gathers row changes, table by table. Hands over full blocks if there is a receiver.
final class RowSink {
    private var tables: [TableSink] = []
    private let blocks: Blocks?

    /// The receiver of blocks of changes, which takes them as soon as they are full.
    struct Blocks {
        /// The size of a block that was not made in key order, in bytes. The larger it is, the fewer pages are changed
        /// twice.
        let unordered: Int
        /// Takes a block.
        let write: (RowChanges) throws -> Void
    }

    /// - Parameter blocks: takes full blocks. If it is `nil`, all changes wait for ``finish()``.
    init(_ blocks: Blocks? = nil) { self.blocks = blocks }

    /// Takes the changes of a table. Ask for it once for each table.
    func table(_ table: Table) -> TableSink {
        let sink = TableSink(table, blocks)
        tables.append(sink)
        return sink
    }

    /// Hands over what is left.
    ///
    /// - Returns: the changes of all tables, if there is no receiver of blocks.
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

    /// It is large enough that handing it over costs nothing, and small enough that a few of them need little memory.
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

    /// Sets a row whose value is one number, as most are.
    @inline(__always)
    func set(_ key: RowKey, _ number: UInt64) throws {
        changes.set(key, number)
        if changes.byteCount >= Self.ordered { try flushIfFull() }
    }

    /// Sets a row that has only a key.
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

    /// Hands over what there is, in key order. It is better to sort here than on the only writer's thread.
    fileprivate func flush() throws {
        guard let blocks, !changes.isEmpty else { return }
        changes.sort()
        try blocks.write(changes)
        changes = RowChanges(like: changes)
    }
}
