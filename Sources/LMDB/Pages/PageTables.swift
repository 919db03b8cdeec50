/// The tables of one moment, looked up page by page as ``PageCursor`` does it. Lent by ``PageReader/read(_:)``.
///
/// The bytes that it returns are the file's own pages, valid until the reading ends. It keeps two cursors for each
/// table: one to look keys up, and one to lend. So each keeps its place. A cursor that is still near the next key need
/// not start at the root again.
public final class PageTables {
    private struct Kept {
        var snapshotCount: UInt64 = 0
        var isLent = false
    }

    private let count: Int
    private let kept: UnsafeMutablePointer<Kept>
    private let lookUps: UnsafeMutablePointer<PageCursor>
    private let cursors: UnsafeMutablePointer<PageCursor>
    private var file: PageFile
    private var main: PageTree
    /// Counts the snapshots: whoever keeps something of one knows by it whether it is of this one.
    public private(set) var snapshotCount: UInt64 = 1

    init(_ file: PageFile, _ main: PageTree, tableLimit: Int) {
        self.file = file
        self.main = main
        // LMDB's numbers of named tables begin after the numbers of its own two tables.
        count = tableLimit + 2
        kept = .allocate(capacity: count)
        kept.initialize(repeating: Kept(), count: count)
        lookUps = .allocate(capacity: count)
        lookUps.initialize(repeating: PageCursor(file, main), count: count)
        cursors = .allocate(capacity: count)
        cursors.initialize(repeating: PageCursor(file, main), count: count)
    }

    deinit {
        kept.deallocate()
        for memory in [lookUps, cursors] {
            memory.deinitialize(count: count)
            memory.deallocate()
        }
    }

    /// The value at a key, or `nil`.
    @inline(__always)
    public func get(_ table: Table, _ key: UnsafeRawBufferPointer) throws(LMDBError) -> UnsafeRawBufferPointer? {
        try lookUps[ready(table)].value(at: key)
    }

    /// Lends a cursor over a table, without a place.
    @inline(__always)
    public func withCursor<Result>(
        _ table: Table, _ body: (inout PageCursor) throws -> Result
    ) throws -> Result {
        let index = try ready(table)
        guard !kept[index].isLent else {
            var another = cursors[index]
            another.forgetPlace()
            return try body(&another)
        }
        kept[index].isLent = true
        defer { kept[index].isLent = false }
        cursors[index].forgetPlace()
        return try body(&cursors[index])
    }

    /// Goes on to another moment.
    func move(to file: PageFile, _ main: PageTree) {
        self.file = file
        self.main = main
        snapshotCount += 1
    }

    @inline(__always)
    private func ready(_ table: Table) throws(LMDBError) -> Int {
        let index = Int(table.id)
        precondition(index < count, "table \(table.name) is beyond the limit of the environment")
        if kept[index].snapshotCount != snapshotCount { try find(table) }
        return index
    }

    private func find(_ table: Table) throws(LMDBError) {
        var cursor = PageCursor(file, main)
        let found = Array(table.name.utf8).withUnsafeBytes { key in
            Result { () throws(LMDBError) -> PageTree? in
                guard let row = try cursor.first(atOrAfter: key), PageKeys.isEqual(row.key, key) else { return nil }
                return try cursor.tree(row)
            }
        }
        guard let tree = try found.get() else { throw LMDBError(missing: table.name) }
        lookUps[Int(table.id)].restart(file, tree)
        cursors[Int(table.id)].restart(file, tree)
        kept[Int(table.id)].snapshotCount = snapshotCount
    }
}
