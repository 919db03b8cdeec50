internal import LMDB

/// Reads the generation in use again and again on one thread.
public final class ViewReader {
    private let generations: ViewGenerations
    private var number: Int
    private var store: ViewStore
    private var reader: Reader

    /// Makes a reader for the calling thread; it must stay there.
    public init(_ generations: ViewGenerations) {
        self.generations = generations
        let current = generations.current
        number = current.number
        store = current.store
        reader = Reader(store.environment)
    }

    /// Runs `body` over the newest moment; all that it is lent ends with it. The moment is kept until ``release()``.
    public func read<Result>(_ body: (ViewSnapshot) throws -> Result) throws -> Result {
        refresh()
        return try reader.read { try body(ViewSnapshot($0, store.tables)) }
    }

    /// Lets go of the moment that was read last, so that the pages it shows can be used again; to be called before the thread
    /// waits for something.
    public func release() { reader.release() }

    /// Lets go of a generation that is no longer in use, so that its space is given back. ``read(_:)`` does it by itself;
    /// to be called now and then by threads that may not read for long.
    public func refresh() {
        guard number != generations.number else { return }
        let current = generations.current
        number = current.number
        store = current.store
        reader = Reader(store.environment)
    }
}
