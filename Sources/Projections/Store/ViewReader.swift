internal import LMDB

/// Reads a generation of read models again and again on one thread.
public final class ViewReader {
    private let reader: Reader
    private let store: ViewStore

    /// Makes a reader for the calling thread; it must stay there.
    public init(_ store: ViewStore) {
        self.store = store
        reader = Reader(store.environment)
    }

    /// Runs `body` over the newest moment; all that it is lent ends with it.
    public func read<Result>(_ body: (ViewSnapshot) throws -> Result) throws -> Result {
        try reader.read { transaction in try body(ViewSnapshot(transaction, store.tables)) }
    }
}
