internal import Bytes
internal import LMDB

/// One generation of read models: an LMDB environment in a directory of its own.
///
/// All projectors' changes of a batch and their checkpoints are written in one transaction. So a batch is applied
/// exactly once, and every answer is one moment. The views can be built again, so commits do not wait for the disk.
/// ``ViewGenerations`` makes sure that views are not trusted if a power loss may have torn them.
public final class ViewStore: Sendable {
    let environment: Environment
    let tables: ViewTables
    /// Where it lies.
    public var directory: String { environment.path }

    static let positionKey = RowKey(ascii: "position")
    static let logKey = RowKey(ascii: "log")

    /// Opens the generation in a directory, which must exist. An empty directory becomes an empty generation.
    ///
    /// - Parameters:
    ///   - mapSize: the most bytes that the views may ever hold.
    ///   - isLive: whether many small batches follow as events come, and not one batch that is as long as the log.
    public init(directory: String, mapSize: Int = 1 << 38, isLive: Bool = true) throws {
        environment = try Environment(
            path: directory, mapSize: mapSize, tableLimit: ViewTables.limit, durability: .onSync, inPlace: isLive)
        tables = try ViewTables(environment)
    }

    /// Opens the generation in a directory to read it, beside a process that may be writing it.
    public init(reading directory: String) throws {
        environment = try Environment(
            path: directory, mapSize: 0, tableLimit: ViewTables.limit, durability: .onSync, readOnly: true)
        tables = try ViewTables(environment)
    }

    /// Lends all read models at their newest moment. Threads that read all the time use a ``ViewReader``.
    public func read<Result>(_ body: (ViewSnapshot) throws -> Result) throws -> Result {
        try PageReader(environment).read { try body(ViewSnapshot($0, tables)) }
    }

    /// Writes the changes of a batch that ends at a position, with the checkpoints of the read models that took part.
    ///
    /// - Parameter confirm: called when all is written, before anybody can see it. If it throws, nothing is.
    func apply(
        _ changes: [RowChanges], end: UInt64, to models: [ReadModel], confirm: () throws -> Void = {}
    ) throws {
        let volume = WriteVolume(
            rows: changes.reduce(2 + models.count) { $0 + $1.count }, bytes: changes.reduce(1024) { $0 + $1.byteCount })
        try environment.write(volume) { transaction in
            for change in changes { try change.apply(in: transaction) }
            for model in models {
                let checkpoint = Checkpoint(version: model.version, position: end)
                try put(tables.checkpoints, RowKey(ascii: model.name), checkpoint.bytes, in: transaction)
            }
            var position: [UInt8] = []
            position.append(bigEndian: end)
            try put(tables.meta, Self.positionKey, position, in: transaction)
            try confirm()
        }
    }

    /// Notes which log the views are built from.
    func bind(to log: [UInt8]) throws {
        try environment.write { try put(tables.meta, Self.logKey, log, in: $0) }
    }

    /// The read models that are as far as the views as a whole and were built by this version of the program; `nil` if
    /// the views belong to another log.
    public func current(for log: [UInt8]) throws -> Set<ReadModel>? {
        try usable(log: log, head: .max).map(\.current)
    }

    /// Which views of a log can go on from here: those that this version's projectors built from that log, that are as
    /// far as the views as a whole, and no further than the log.
    ///
    /// - Returns: the common position and the read models that are there, or `nil` if all views must be built again.
    func usable(log: [UInt8], head: UInt64) throws -> (position: UInt64, current: Set<ReadModel>)? {
        try read { snapshot in
            guard let bound = try snapshot.get(tables.meta, Self.logKey), bound.elementsEqual(log) else { return nil }
            let position = try snapshot.position()
            guard position <= head else { return nil }
            let current = try ReadModel.allCases.filter { model in
                let row = try snapshot.get(tables.checkpoints, RowKey(ascii: model.name))
                let checkpoint = try row.map { try Checkpoint($0) }
                let expected = Checkpoint(version: model.version, position: position)
                return (checkpoint ?? Checkpoint(version: model.version, position: 0)) == expected
            }
            return current.isEmpty ? nil : (position, Set(current))
        }
    }

    /// Rows and bytes of every table.
    public func statistics() throws -> [(model: ReadModel, table: String, rows: Int, bytes: Int)] {
        try environment.read { transaction in
            try ReadModel.allCases.flatMap { model in
                try tables.tables(of: model).map { table in
                    let statistics = try transaction.statistics(table)
                    return (model, table.name, statistics.rows, statistics.bytes)
                }
            }
        }
    }

    /// Writes everything to the disk and waits for it.
    func sync() throws { try environment.sync() }

    /// Closes the files. Nobody may read or write any more.
    func close() { environment.close() }

    private func put(
        _ table: Table, _ key: RowKey, _ value: [UInt8], in transaction: borrowing WriteTransaction
    ) throws {
        try key.withBytes { key in try value.withUnsafeBytes { try transaction.put(table, key, $0) } }
    }
}

extension RowKey {
    /// A short name.
    init(ascii name: String) { self = Array(name.utf8).withUnsafeBytes { RowKey($0) } }
}
