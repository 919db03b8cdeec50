internal import Bytes
internal import LMDB
internal import Microblog

/// All read models at one position of the log. Lent by ``ViewReader`` and valid only inside its closure.
public struct ViewSnapshot {
    let pages: PageTables
    let tables: ViewTables
    /// The names that the reader remembers; `nil` for a snapshot that is read once.
    let names: NameCache?
    /// What readers saw of their feeds; `nil` if that is not remembered.
    let feeds: FeedMemory?

    init(_ pages: PageTables, _ tables: ViewTables, names: NameCache? = nil, feeds: FeedMemory? = nil) {
        self.pages = pages
        self.tables = tables
        self.names = names
        self.feeds = feeds
    }

    @inline(__always)
    func get(_ table: Table, _ key: RowKey) throws(LMDBError) -> UnsafeRawBufferPointer? {
        var row: UnsafeRawBufferPointer?
        var failure: LMDBError?
        key.withBytes { key in
            do throws(LMDBError) { row = try pages.get(table, key) } catch { failure = error }
        }
        if let failure { throw failure }
        return row
    }

    /// The position of the log that the read models reflect.
    public func position() throws -> UInt64 {
        guard let row = try get(tables.meta, ViewStore.positionKey) else { return 0 }
        guard row.count == 8 else { throw ViewCorruption(table: "meta", key: "position") }
        return row.bigEndianUInt64(at: 0)
    }

    /// Lends the rows whose key begins with a number, newest (greatest) first, from before `bound` on, until `body`
    /// answers `false`.
    ///
    /// - Parameters:
    ///   - bound: rows whose second number is this or more are passed over; `nil` for none.
    ///   - body: gets the second number of the key, and the value.
    func descend(
        _ table: Table, _ first: UInt64, before bound: UInt64? = nil,
        _ body: (UInt64, UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        try pages.withCursor(table) { cursor in
            // Positions stay far below 2^64 - 1, so this number is beyond all of them.
            var row = try RowKey(first, bound ?? .max).withBytes { try cursor.last(before: $0) }
            while let found = row, found.key.count == 16, found.key.bigEndianUInt64(at: 0) == first {
                guard try body(found.key.bigEndianUInt64(at: 8), found.value) else { return }
                row = try cursor.previous()
            }
        }
    }

    /// Lends the rows of a table of people, as ``descend(_:_:before:_:)`` does. The value is an account.
    @inline(__always)
    func people(
        _ table: Table, _ first: UInt64, before bound: UInt64?, _ body: (UInt64, AccountID) throws -> Bool
    ) throws {
        try descend(table, first, before: bound) { position, value in
            guard value.count == 8 else { throw ViewCorruption(table: table.name, key: "\(first), \(position)") }
            return try body(position, AccountID(value.bigEndianUInt64(at: 0)))
        }
    }

    /// Reads a row that is a number.
    func number(_ row: UnsafeRawBufferPointer?, _ table: String) throws(ViewCorruption) -> UInt64? {
        guard let row else { return nil }
        guard row.count == 8 else { throw ViewCorruption(table: table, key: "a number") }
        return row.bigEndianUInt64(at: 0)
    }

    /// Lends the rows whose key begins with a number, least first, until `body` answers `false`.
    func ascend(_ table: Table, _ first: UInt64, _ body: (UInt64, UnsafeRawBufferPointer) throws -> Bool) throws {
        try pages.withCursor(table) { cursor in
            var row = try RowKey(first, 0).withBytes { try cursor.first(atOrAfter: $0) }
            while let found = row, found.key.count == 16, found.key.bigEndianUInt64(at: 0) == first {
                guard try body(found.key.bigEndianUInt64(at: 8), found.value) else { return }
                row = try cursor.next()
            }
        }
    }
}

/// Reads the generation in use again and again on one thread.
public final class ViewReader {
    private let generations: ViewGenerations
    private var number: Int
    private var store: ViewStore
    private var reader: PageReader
    private var names: NameCache
    private let nameMemory: Int
    private var feeds: FeedMemory?

    /// Makes a reader for the calling thread. It must stay on that thread.
    ///
    /// - Parameters:
    ///   - nameMemory: the most bytes for the names of accounts that pages show.
    ///   - feeds: what is remembered of feeds, for all readers; `nil` for nothing.
    public init(_ generations: ViewGenerations, nameMemory: Int = 1 << 20, feeds: FeedCache? = nil) {
        self.generations = generations
        self.nameMemory = nameMemory
        names = NameCache(memory: nameMemory)
        let current = generations.current
        number = current.number
        store = current.store
        reader = PageReader(store.environment)
        self.feeds = feeds.map { FeedMemory($0, generation: current.number) }
    }

    /// Runs `body` over the newest moment. Everything that is lent to it ends with it. The moment is kept until
    /// ``release()``.
    public func read<Result>(_ body: (ViewSnapshot) throws -> Result) throws -> Result {
        refresh()
        return try reader.read { try body(ViewSnapshot($0, store.tables, names: names, feeds: feeds)) }
    }

    /// Releases the moment that was read last, so that its pages can be used again. Call this before the thread waits
    /// for something.
    public func release() { reader.release() }

    /// Releases a generation that is no longer in use, so that its space becomes free. ``read(_:)`` does this by
    /// itself. A thread that may not read for a long time should call it now and then.
    public func refresh() {
        guard number != generations.number else { return }
        let current = generations.current
        number = current.number
        store = current.store
        reader = PageReader(store.environment)
        // The names of another generation are not valid here, nor is what was seen of its feeds.
        names = NameCache(memory: nameMemory)
        feeds = feeds.map { FeedMemory($0.cache, generation: current.number) }
    }
}

/// A row of a read model that no projector of this version writes.
public struct ViewCorruption: Error, Sendable, CustomStringConvertible {
    /// The table.
    public let table: String
    /// Which row.
    public let key: String

    init(table: String, key: String) {
        self.table = table
        self.key = key
    }

    /// One line for people, with what to do.
    public var description: String {
        "the read models are damaged: table \(table), row \(key); "
            + "stop the server and remove the directory views: it is built anew from the log"
    }
}
