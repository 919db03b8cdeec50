/// A place in a tree of pages that moves in key order and trusts no page. A damaged page is an error and never a crash,
/// as it can be with ``Cursor``.
///
/// Going through a table by ``next()`` also finds keys that are out of order, and branches that would mislead a search.
public struct PageCursor {
    /// One row, in the file's own pages.
    public typealias Row = Cursor.Row

    /// The node in each page that leads to a place.
    private enum Way {
        case first
        case last
        case to(UnsafeRawBufferPointer)
    }

    private struct Level {
        let page: NodePage
        var index: Int
    }

    private var file: PageFile
    private var tree: PageTree
    private var branches: [Level] = []
    private var leaf: Level?
    /// The key of the row where the cursor is.
    private var lastKey = UnsafeRawBufferPointer(start: nil, count: 0)
    private var isAtEnd = false

    init(_ file: PageFile, _ tree: PageTree) {
        self.file = file
        self.tree = tree
    }

    /// Begins again in the same tree, or in another one.
    mutating func restart(_ file: PageFile, _ tree: PageTree) {
        self.file = file
        self.tree = tree
        forgetPlace()
    }

    /// Forgets its place, as at the beginning.
    mutating func forgetPlace() {
        branches.removeAll(keepingCapacity: true)
        leaf = nil
        isAtEnd = false
    }

    /// The first row.
    public mutating func first() throws(LMDBError) -> Row? {
        guard try descend(.first) else { return nil }
        return try row()
    }

    /// The last row.
    public mutating func last() throws(LMDBError) -> Row? {
        guard try descend(.last) else { return nil }
        return try row()
    }

    /// The row after this one; the first row if the cursor has no place yet.
    @inline(__always)
    public mutating func next() throws(LMDBError) -> Row? {
        guard let before = leaf else { return isAtEnd ? nil : try first() }
        let last = lastKey
        guard before.index + 1 < before.page.count else { return try nextLeaf(after: last) }
        leaf!.index = before.index + 1
        let row = try row()
        guard PageKeys.isLess(last, row.key) else { throw outOfOrder(before.page) }
        return row
    }

    /// The row before this one; the last row if the cursor has no place yet.
    @inline(__always)
    public mutating func previous() throws(LMDBError) -> Row? {
        guard let after = leaf else { return isAtEnd ? nil : try last() }
        let last = lastKey
        guard after.index > 0 else { return try previousLeaf(before: last) }
        leaf!.index = after.index - 1
        let row = try row()
        guard PageKeys.isLess(row.key, last) else { throw outOfOrder(after.page) }
        return row
    }

    /// The first row whose key is `key` or greater; this is quickest near the last row.
    public mutating func first(atOrAfter key: UnsafeRawBufferPointer) throws(LMDBError) -> Row? {
        guard try approach(key), let place = leaf else { return nil }
        if place.index < place.page.count { return try row() }
        leaf!.index -= 1
        _ = try row()
        return try next()
    }

    /// The last row whose key is less than `key`; this is quickest near the last row.
    public mutating func last(before key: UnsafeRawBufferPointer) throws(LMDBError) -> Row? {
        guard try approach(key), let place = leaf else { return nil }
        guard place.index > 0 else { return try previousLeaf(before: key) }
        leaf!.index -= 1
        return try row()
    }

    /// The value at `key`, or `nil`, and then the cursor has no place; this is quickest near the last row.
    public mutating func value(at key: UnsafeRawBufferPointer) throws(LMDBError) -> UnsafeRawBufferPointer? {
        guard try approach(key), let place = leaf else { return nil }
        guard place.index < place.page.count else {
            forgetPlace()
            return nil
        }
        let row = try row()
        return PageKeys.isEqual(row.key, key) ? row.value : nil
    }

    /// The value at `key`, or `nil`, as ``value(at:)`` gives it; this is quickest for keys that come in order, each in the
    /// same leaf as the one before or in the next.
    public mutating func value(aheadAt key: UnsafeRawBufferPointer) throws(LMDBError) -> UnsafeRawBufferPointer? {
        if let place = leaf {
            let last = try self.key(Level(page: place.page, index: place.page.count - 1))
            if PageKeys.isLess(last, key) { _ = try nextLeaf(after: last) }
        }
        return try value(at: key)
    }

    /// The tree that the cursor's row describes, which is a row of the tree of tables.
    func tree(_ row: Row) throws(LMDBError) -> PageTree {
        guard row.value.count == PageTree.byteCount else { throw badNode(leaf!.page) }
        return PageTree(row.value, name: String(decoding: row.key, as: UTF8.self))
    }

    /// Goes to the leaf that holds a key, or would hold it, and there to the first node that is not less. That may be
    /// one node too far.
    private mutating func approach(_ key: UnsafeRawBufferPointer) throws(LMDBError) -> Bool {
        guard let place = leaf, try !PageKeys.isLess(key, self.key(Level(page: place.page, index: 0))),
            try !PageKeys.isLess(self.key(Level(page: place.page, index: place.page.count - 1)), key)
        else { return try descend(.to(key)) }
        leaf!.index = try lowerBound(place.page, key, from: 0)
        return true
    }

    private mutating func previousLeaf(before bound: UnsafeRawBufferPointer) throws(LMDBError) -> Row? {
        while let level = branches.last, level.index == 0 { branches.removeLast() }
        guard let level = branches.last else {
            leaf = nil
            isAtEnd = true
            return nil
        }
        guard let separator = level.page.key(level.index) else { throw badNode(level.page) }
        branches[branches.count - 1].index -= 1
        try descend(from: level.page.child(level.index - 1), .last)
        let row = try row()
        guard PageKeys.isLess(row.key, separator), !PageKeys.isLess(bound, separator) else {
            throw outOfOrder(level.page)
        }
        return row
    }

    private mutating func nextLeaf(after last: UnsafeRawBufferPointer) throws(LMDBError) -> Row? {
        while let level = branches.last, level.index + 1 >= level.page.count { branches.removeLast() }
        guard let level = branches.last else {
            leaf = nil
            isAtEnd = true
            return nil
        }
        branches[branches.count - 1].index += 1
        let turn = branches[branches.count - 1]
        guard let separator = turn.page.key(turn.index) else { throw badNode(turn.page) }
        try descend(from: turn.page.child(turn.index), .first)
        let row = try row()
        guard PageKeys.isLess(last, separator), !PageKeys.isLess(row.key, separator) else {
            throw outOfOrder(level.page)
        }
        return row
    }

    /// Goes from the root to a leaf, and chooses a node in each page on the way.
    private mutating func descend(_ way: Way) throws(LMDBError) -> Bool {
        branches.removeAll(keepingCapacity: true)
        leaf = nil
        isAtEnd = false
        guard !tree.isEmpty else {
            guard tree.rows == 0 else { throw file.damage(tree.root, "is the root of \(tree.rows) rows\(ofTable)") }
            return false
        }
        guard 1...32 ~= tree.depth, tree.flags == 0 else {
            throw file.damage(tree.root, "is the root of a tree of depth \(tree.depth), flags \(tree.flags)\(ofTable)")
        }
        try descend(from: tree.root, way)
        return true
    }

    private mutating func descend(from root: UInt64, _ way: Way) throws(LMDBError) {
        var number = root
        // So the way down ends, whatever the pages hold.
        while branches.count < tree.depth - 1 {
            let page = try file.node(at: number, isLeaf: false)
            let index: Int
            switch way {
            case .first: index = 0
            case .last: index = page.count - 1
            // The first key of a branch stands for all smaller keys.
            case .to(let key): index = try lowerBound(page, key, from: 1, orEqual: true) - 1
            }
            guard page.key(index) != nil else { throw badNode(page) }
            branches.append(Level(page: page, index: index))
            number = page.child(index)
        }
        let page = try file.node(at: number, isLeaf: true)
        switch way {
        case .first: leaf = Level(page: page, index: 0)
        case .last: leaf = Level(page: page, index: page.count - 1)
        case .to(let key): leaf = Level(page: page, index: try lowerBound(page, key, from: 0))
        }
    }

    /// The index of the first key that is not less than `key`, or, with `orEqual`, that is greater.
    private func lowerBound(
        _ page: NodePage, _ key: UnsafeRawBufferPointer, from first: Int, orEqual: Bool = false
    ) throws(LMDBError) -> Int {
        var (low, high) = (first, page.count)
        while low < high {
            let middle = (low + high) / 2
            let found = try self.key(Level(page: page, index: middle))
            if PageKeys.isLess(found, key) || (orEqual && PageKeys.isEqual(found, key)) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    @inline(__always)
    private func key(_ level: Level) throws(LMDBError) -> UnsafeRawBufferPointer {
        guard let key = level.page.key(level.index) else { throw badNode(level.page) }
        return key
    }

    @inline(__always)
    private mutating func row() throws(LMDBError) -> Row {
        let level = leaf!
        guard let (key, flags, size) = level.page.row(level.index) else { throw badNode(level.page) }
        lastKey = key
        let start = key.baseAddress! + key.count
        let room = level.page.start + level.page.size - start
        if flags == 0 || (flags == NodePage.isTree && tree.name.isEmpty && size == PageTree.byteCount) {
            guard size <= room else { throw badNode(level.page) }
            return (key, UnsafeRawBufferPointer(start: start, count: size))
        }
        guard flags == NodePage.isElsewhere, room >= 8 else { throw badNode(level.page) }
        return (key, try file.overflow(at: start.loadUnaligned(as: UInt64.self), size: size))
    }

    private func badNode(_ page: NodePage) -> LMDBError {
        file.damage(page.number, "has a node that is none\(ofTable)")
    }

    private func outOfOrder(_ page: NodePage) -> LMDBError {
        file.damage(page.number, "has keys that are not in order\(ofTable)")
    }

    private var ofTable: String { tree.name.isEmpty ? "" : " (table \(tree.name))" }
}
