internal import LMDB

extension ViewStore {
    /// Lends all rows as they are at one moment, for a backup.
    ///
    /// - Parameter log: the identity of the log that they must belong to.
    /// - Throws: ``ViewsUnusable`` when they do not, or are not all at one position.
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

/// All rows of the read models at one moment. Lent by ``ViewStore/readRows(of:_:)``, and valid only inside its closure.
public struct ViewRows {
    let snapshot: ViewSnapshot
    /// The position of the log that they reflect.
    public let position: UInt64

    /// Lends every row, table by table, in the order of keys: also those that tell the position and the log.
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
