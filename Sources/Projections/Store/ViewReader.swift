internal import LMDB

/// Reads the generation in use again and again on one thread.
public final class ViewReader {
    private let generations: ViewGenerations
    private var number: Int
    private var store: ViewStore
    private var reader: PageReader
    private var names: NameCache
    private let nameMemory: Int

    /// Makes a reader for the calling thread; it must stay there.
    ///
    /// - Parameter nameMemory: the most bytes for the names of accounts that pages show.
    public init(_ generations: ViewGenerations, nameMemory: Int = 1 << 20) {
        self.generations = generations
        self.nameMemory = nameMemory
        names = NameCache(memory: nameMemory)
        let current = generations.current
        number = current.number
        store = current.store
        reader = PageReader(store.environment)
    }

    /// Runs `body` over the newest moment; all that it is lent ends with it. The moment is kept until ``release()``.
    public func read<Result>(_ body: (ViewSnapshot) throws -> Result) throws -> Result {
        refresh()
        return try reader.read { try body(ViewSnapshot($0, store.tables, names: names)) }
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
        reader = PageReader(store.environment)
        // What another generation says counts for nothing here.
        names = NameCache(memory: nameMemory)
    }
}
