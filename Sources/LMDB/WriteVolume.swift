/// How much a write transaction changes at most.
public struct WriteVolume: Sendable {
    /// Rows that are set or removed.
    let rows: Int
    /// What the keys and values of rows that are set take, in bytes.
    let bytes: Int

    /// - Parameters:
    ///   - rows: that are set or removed.
    ///   - bytes: what the keys and values of rows that are set take.
    public init(rows: Int, bytes: Int) {
        self.rows = rows
        self.bytes = bytes
    }

    /// A handful of small rows.
    public static let little = WriteVolume(rows: 64, bytes: 16_384)

    /// How many pages it may take from the end of a file. Not proven: random transactions of rows of all sizes stay below.
    ///
    /// A transaction writes each page that it changes to a new place, once: the leaf of each row, and the pages on the way to
    /// it, of which there are fewer. Splits add pages for what is new, half full; the table of free pages is changed too.
    func pages(of pageSize: Int, in used: Int) -> Int {
        2 * min(rows, used) + 3 * (bytes + 16 * rows) / pageSize + 64
    }
}
