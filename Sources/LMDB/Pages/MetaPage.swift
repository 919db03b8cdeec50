import Synchronization

/// One of the first two pages of a data file. They tell where the trees of its newest transactions are.
///
/// Its fields, little-endian as all of LMDB's, by offset: 10 flags (2), 16 magic number (4), 20 version (4), 32 size of
/// the map (8), 40 and 88 the trees of free pages and of tables (48 each), 136 last page (8), 144 transaction (8).
struct MetaPage: Equatable {
    /// How many bytes of the page are used.
    static let byteCount = 152

    private static let flag: UInt16 = 0x08
    private static let magic: UInt32 = 0xBEEF_C0DE
    private static let version: UInt32 = 1

    let pageSize: Int
    let lastPage: UInt64
    let transaction: UInt64
    let tables: PageTree

    /// Takes a page as it is in the file.
    ///
    /// - Returns: `nil` when it cannot be a meta page.
    init?(_ bytes: UnsafeRawBufferPointer, number: Int) {
        func field<Number: FixedWidthInteger>(_ offset: Int, as type: Number.Type) -> Number {
            Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
        }
        guard bytes.count >= Self.byteCount, field(10, as: UInt16.self) & Self.flag != 0,
            field(16, as: UInt32.self) == Self.magic, field(20, as: UInt32.self) == Self.version
        else { return nil }
        pageSize = Int(field(40, as: UInt32.self))
        lastPage = field(136, as: UInt64.self)
        transaction = field(144, as: UInt64.self)
        tables = PageTree(UnsafeRawBufferPointer(rebasing: bytes[88..<136]), name: "")
        // LMDB uses these numbers without a check: it would divide by them, or map this many bytes.
        let mapSize = field(32, as: UInt64.self)
        guard pageSize.nonzeroBitCount == 1, 512...32_768 ~= pageSize, mapSize < 1 << 47,
            lastPage < mapSize / UInt64(pageSize), tables.flags == 0,
            transaction == 0 || transaction & 1 == UInt64(number)
        else { return nil }
    }
}

/// Where a tree of pages begins.
struct PageTree: Equatable {
    static let byteCount = 48

    let name: String
    let flags: UInt16
    let depth: Int
    let rows: Int
    let root: UInt64

    /// Takes the 48 bytes that describe a tree.
    init(_ bytes: UnsafeRawBufferPointer, name: String) {
        self.name = name
        flags = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt16.self))
        depth = Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 6, as: UInt16.self)))
        rows = Int(truncatingIfNeeded: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 32, as: UInt64.self)))
        root = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 40, as: UInt64.self))
    }

    /// Whether it has no pages.
    var isEmpty: Bool { root == .max }
}

extension MetaPage {
    /// The meta page of a moment that stays.
    ///
    /// - Parameters:
    ///   - path: of the data file.
    ///   - begin: begins a transaction, in place of the one before if there is one, and returns its number.
    ///   - page: reads page 0 or 1; `nil` when it is not a meta page, or a mix of two transactions.
    /// - Throws: ``LMDBError`` when the moment's page is damaged.
    static func settled(
        of path: String, _ begin: () throws(LMDBError) -> Int, _ page: (Int) -> MetaPage?
    ) throws(LMDBError) -> MetaPage {
        var previous: MetaPage?
        var unreadable: UInt64?
        // The two meta pages take turns. While the other one is older, nobody writes into ours, so it is whole. If the
        // other one is newer, a write into ours comes next, or a commit failed and ours stays as it is.
        for _ in 0..<1000 {
            let commit = UInt64(bitPattern: Int64(try begin()))
            let number = Int(commit & 1)
            guard let meta = page(number) else {
                // Whoever writes into ours has let the moment move on; damage stays.
                guard unreadable != commit else { throw .damagedMeta(number, of: path) }
                unreadable = commit
                continue
            }
            // The age that the other one had before we read ours says nothing about what we read.
            atomicMemoryFence(ordering: .acquiring)
            let other = page(1 - number)
            guard meta.transaction == commit else { continue }
            if let other, other.transaction <= commit { return meta }
            if meta == previous { return meta }
            previous = meta
        }
        throw LMDBError(page: 0, of: path, "and page 1 do not know the newest transaction")
    }
}
