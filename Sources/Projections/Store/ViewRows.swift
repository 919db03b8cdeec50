internal import Files
internal import LMDB

extension ViewStore {
    /// Lends all rows as they are at one moment, for a backup.
    ///
    /// - Parameter log: the identity of the log that they must belong to.
    /// - Throws: ``ViewsUnusable`` when they belong to another log, or are not all at one position.
    public func readRows<Result>(of log: [UInt8], _ body: (ViewRows) throws -> Result) throws -> Result {
        try read { snapshot in
            let position = try snapshot.position()
            let bound = try snapshot.get(tables.meta, Self.logKey).map { $0.elementsEqual(log) }
            guard bound == true else { throw ViewsUnusable(directory: directory, reason: "they are of another log") }
            for model in ReadModel.allCases {
                let row = try snapshot.get(tables.checkpoints, RowKey(ascii: model.name))
                guard try row.map({ try Checkpoint($0) })?.position ?? 0 == position else {
                    throw ViewsUnusable(directory: directory, reason: "\(model.name) is not as far as the others")
                }
            }
            return try body(ViewRows(snapshot: snapshot, position: position))
        }
    }
}

/// All rows of the read models at one moment. Lent by ``ViewStore/readRows(of:_:)`` and valid only inside its closure.
public struct ViewRows {
    let snapshot: ViewSnapshot
    /// The position of the log that they reflect.
    public let position: UInt64

    /// Lends every row, table by table, in the order of keys. The rows that hold the position and the log are included.
    public func each(
        _ body: (_ table: String, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Void
    ) throws {
        for table in snapshot.tables.all {
            try snapshot.pages.withCursor(table) { cursor in
                while let row = try cursor.next() { try body(table.name, row.key, row.value) }
            }
        }
    }
}

/// The read models on disk cannot go into a backup.
public struct ViewsUnusable: Error, Sendable, CustomStringConvertible {
    /// Where they are.
    public let directory: String
    /// Why.
    public let reason: String

    /// Names a reason.
    public init(directory: String, reason: String) {
        self.directory = directory
        self.reason = reason
    }

    /// One line for people, with what to do.
    public var description: String {
        "the read models in \(directory) cannot be backed up: \(reason); leave out --with-views, or let `martlet serve` "
            + "catch up with the log first"
    }
}

/// Makes a generation of read models from rows that ``ViewRows`` lent. It comes into use at the next start.
public final class ViewRowLoader {
    private let generation: ViewGeneration
    private let directory: String
    private let tables: [String: Table]

    /// Begins the first generation below a directory. The directory must be empty; it is made if it is missing.
    ///
    /// - Parameters:
    ///   - log: the identity of the log that the rows were built from.
    ///   - mapSize: the most bytes that the views may ever hold.
    public init(directory: String, log: [UInt8], mapSize: Int = 1 << 38) throws {
        self.directory = directory
        try Directory.make(directory)
        generation = try ViewGeneration(creating: 1, below: directory, log: log, mapSize: mapSize, isLive: false)
        tables = Dictionary(uniqueKeysWithValues: generation.store.tables.all.map { ($0.name, $0) })
    }

    /// Whether this program has a table with this name. It has no use for rows of other tables, such as those of
    /// another version.
    public func hasTable(_ name: String) -> Bool { tables[name] != nil }

    /// Adds rows of a table, in one transaction. The rows of a table come in the order of their keys.
    public func add(
        to name: String,
        _ rows: ((_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Void) throws
            -> Void
    ) throws {
        guard let table = tables[name] else { preconditionFailure("there is no table \(name)") }
        // The row with the name of the log exists already.
        let mode = table == generation.store.tables.meta ? WriteTransaction.PutMode.upsert : .append
        try generation.store.environment.write { transaction in
            try rows { key, value in try transaction.put(table, key, value, mode) }
        }
    }

    /// Puts everything on disk and marks the generation as whole and in use.
    public func finish() throws {
        try generation.markClean()
        try SmallFile.replace(directory + "/current", with: String(generation.number))
    }
}
