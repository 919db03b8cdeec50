import CLMDB
import Glibc

/// The pages of a data file in memory. Each page is checked before it is used.
struct PageFile {
    let path: String
    let start: UnsafeRawPointer
    let pageSize: Int
    /// How many pages the moment has.
    let count: UInt64

    /// - Throws: ``LMDBError`` when there is no such page, or it is not the page that it should be.
    @inline(__always)
    func node(at number: UInt64, isLeaf: Bool) throws(LMDBError) -> NodePage {
        guard number >= 2, number < count else { throw damage(number, "is not in the file, which has \(count) pages") }
        let page = start + Int(number) * pageSize
        guard page.loadUnaligned(as: UInt64.self) == number else {
            throw damage(number, "says that it is page \(page.loadUnaligned(as: UInt64.self))")
        }
        let flags = page.loadUnaligned(fromByteOffset: 10, as: UInt16.self)
        guard flags == (isLeaf ? NodePage.leaf : NodePage.branch) else {
            throw damage(number, "is of kind \(flags), expected a \(isLeaf ? "leaf" : "branch")")
        }
        let lower = Int(page.loadUnaligned(fromByteOffset: 12, as: UInt16.self))
        let upper = Int(page.loadUnaligned(fromByteOffset: 14, as: UInt16.self))
        guard lower > NodePage.headerSize, lower & 1 == 0, lower <= upper, upper <= pageSize else {
            throw damage(number, "has its free room from \(lower) to \(upper)")
        }
        return NodePage(
            number: number, start: page, size: pageSize, upper: upper, count: (lower - NodePage.headerSize) / 2)
    }

    /// The value of a row that has pages of its own.
    func overflow(at number: UInt64, size: Int) throws(LMDBError) -> UnsafeRawBufferPointer {
        guard number >= 2, number < count else { throw damage(number, "is not in the file, which has \(count) pages") }
        let page = start + Int(number) * pageSize
        let pages = Int(page.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
        guard page.loadUnaligned(as: UInt64.self) == number,
            page.loadUnaligned(fromByteOffset: 10, as: UInt16.self) == NodePage.overflow,
            pages > 0, UInt64(pages) <= count - number, size <= pages * pageSize - NodePage.headerSize
        else { throw damage(number, "is not the first of those with a value of \(size) bytes") }
        return UnsafeRawBufferPointer(start: page + NodePage.headerSize, count: size)
    }

    func damage(_ page: UInt64, _ problem: String) -> LMDBError { LMDBError(page: page, of: path, problem) }
}

/// A page of a tree. Fields, by offset: 0 its number (8), 10 kind (2), 12 end of the offsets (2), 14 start of the nodes
/// (2), 16 the nodes' offsets in key order (2 each).
///
/// A node: size of the value or page number (6, in a leaf 4 and flags), size of the key (2), key, value.
struct NodePage {
    static let headerSize = 16
    static let nodeHeaderSize = 8
    static let branch: UInt16 = 1
    static let leaf: UInt16 = 2
    static let overflow: UInt16 = 4
    /// The value is the number of a page that holds it.
    static let isElsewhere: UInt16 = 1
    /// The value is a tree.
    static let isTree: UInt16 = 2

    let number: UInt64
    let start: UnsafeRawPointer
    let size: Int
    let upper: Int
    /// How many nodes it has; at least one.
    let count: Int

    /// A node's key, and where its value begins; `nil` when they are not within the page.
    @inline(__always)
    func key(_ index: Int) -> UnsafeRawBufferPointer? {
        let offset = Int(start.loadUnaligned(fromByteOffset: Self.headerSize + 2 * index, as: UInt16.self))
        guard offset >= upper, offset + Self.nodeHeaderSize <= size else { return nil }
        let keySize = Int(start.loadUnaligned(fromByteOffset: offset + 6, as: UInt16.self))
        let keyStart = offset + Self.nodeHeaderSize
        guard keyStart + keySize <= size else { return nil }
        return UnsafeRawBufferPointer(start: start + keyStart, count: keySize)
    }

    /// In a branch: the page that a node leads to. The node's key was checked before.
    @inline(__always)
    func child(_ index: Int) -> UInt64 {
        let offset = Int(start.loadUnaligned(fromByteOffset: Self.headerSize + 2 * index, as: UInt16.self))
        return start.loadUnaligned(fromByteOffset: offset, as: UInt64.self) & 0xFFFF_FFFF_FFFF
    }

    /// In a leaf: a node's key, its flags and the size of its value, which begins where the key ends; `nil` when the
    /// key is not within the page.
    @inline(__always)
    func row(_ index: Int) -> (key: UnsafeRawBufferPointer, flags: UInt16, size: Int)? {
        let offset = Int(start.loadUnaligned(fromByteOffset: Self.headerSize + 2 * index, as: UInt16.self))
        guard offset >= upper, offset + Self.nodeHeaderSize <= size else { return nil }
        let header = start.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        let (keyStart, keySize) = (offset + Self.nodeHeaderSize, Int(header >> 48))
        guard keyStart + keySize <= size else { return nil }
        return (
            UnsafeRawBufferPointer(start: start + keyStart, count: keySize),
            UInt16(truncatingIfNeeded: header >> 32), Int(header & 0xFFFF_FFFF)
        )
    }
}

/// A second map of the data file in memory, because LMDB does not tell the address of its own map.
final class PageMap: @unchecked Sendable {
    // because the memory is only read, and stays until nothing refers to the map.
    let path: String
    let start: UnsafeRawPointer
    let byteCount: Int
    let pageSize: Int

    init(_ environment: OpaquePointer, _ directory: String) throws(LMDBError) {
        var information = MDB_envinfo()
        try check(mdb_env_info(environment, &information), "mdb_env_info", directory)
        var statistics = MDB_stat()
        try check(mdb_env_stat(environment, &statistics), "mdb_env_stat", directory)
        let path = directory + "/data.mdb"
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LMDBError(code: errno, operation: "open", subject: path) }
        defer { close(descriptor) }
        guard let start = mmap(nil, information.me_mapsize, PROT_READ, MAP_SHARED, descriptor, 0), start != MAP_FAILED
        else { throw LMDBError(code: errno, operation: "mmap", subject: path) }
        self.path = path
        self.start = UnsafeRawPointer(start)
        byteCount = information.me_mapsize
        pageSize = Int(statistics.ms_psize)
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: start), byteCount) }
}
