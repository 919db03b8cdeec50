import CLMDB

/// One consistent moment of an environment, read from its pages without LMDB. LMDB trusts the pages, so there a flipped
/// bit in the wrong place ends the process. Here damage is an error (``LMDBError/isCorruption``).
///
/// The moment ends with the snapshot. Keep it short, as with ``Environment/read(_:)``.
public struct PageSnapshot: ~Copyable {
    private let file: PageFile
    private let main: PageTree
    private let transaction: ReadTransaction

    /// Begins at the newest moment.
    ///
    /// - Throws: ``LMDBError`` when the pages that lead to it are damaged.
    public init(_ environment: Environment) throws(LMDBError) {
        var transaction: ReadTransaction?
        let meta = try environment.settledMeta { () throws(LMDBError) in
            let begun = try ReadTransaction(environment)
            let commit = mdb_txn_id(begun.handle.raw)
            transaction = consume begun
            return commit
        }
        file = try environment.pageFile(meta)
        main = meta.tables
        self.transaction = transaction.take()!
    }

    /// All tables.
    public func tables() throws(LMDBError) -> [PageTable] {
        var found: [PageTable] = []
        var cursor = PageCursor(file, main)
        while let row = try cursor.next() {
            found.append(PageTable(tree: try cursor.tree(row)))
        }
        return found
    }

    /// A table; `nil` when there is no table with this name.
    public func table(_ name: String) throws -> PageTable? {
        var cursor = PageCursor(file, main)
        let key = Array(name.utf8)
        guard let row = try key.withUnsafeBytes({ try cursor.first(atOrAfter: $0) }), row.key.elementsEqual(key) else {
            return nil
        }
        return PageTable(tree: try cursor.tree(row))
    }

    /// A cursor without a place. Valid as long as the snapshot.
    public func cursor(_ table: PageTable) -> PageCursor { PageCursor(file, table.tree) }
}

/// A table at the moment of a ``PageSnapshot``.
public struct PageTable {
    let tree: PageTree

    /// The name that LMDB keeps it under.
    public var name: String { tree.name }
    /// How many rows it says that it has.
    public var rows: Int { tree.rows }
}
