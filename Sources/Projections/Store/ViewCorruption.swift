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
