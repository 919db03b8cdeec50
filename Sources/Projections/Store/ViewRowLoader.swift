internal import Files
internal import LMDB

/// Makes a generation of read models out of rows that ``ViewRows`` lent, to be in use at the next start.
public final class ViewRowLoader {
    private let generation: ViewGeneration
    private let directory: String
    private let tables: [String: Table]

    /// Begins the first generation below a directory, which is made if it is missing and must be empty.
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

    /// Whether this program has a table of that name. The rows of others, and so of another program's read models, are
    /// of no use to it.
    public func hasTable(_ name: String) -> Bool { tables[name] != nil }

    /// Adds rows of a table, in one transaction. The rows of a table come in the order of their keys.
    public func add(
        to name: String,
        _ rows: ((_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Void) throws
            -> Void
    ) throws {
        guard let table = tables[name] else { preconditionFailure("there is no table \(name)") }
        // The name of the log is there already.
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
