internal import Files
internal import Glibc
internal import LMDB
internal import Synchronization
internal import Threads

/// The generations of read models below one directory: `current` names the one in use. Each lies in a directory that is
/// named by its number. `trust` inside it tells whether its file can be trusted.
///
/// Commits of views do not wait for the disk. So while a generation is in use, `trust` holds the machine's boot id.
/// After a crash of the process the kernel still has everything. After another boot the file may be torn, and the views
/// are built again. ``close()`` syncs the file and writes `clean`.
public final class ViewGenerations: Sendable {
    /// The position from which projection goes on: 0 when the generation is new.
    public let position: UInt64
    /// The read models that cannot go on from there: they were built by another version of the program, or have
    /// stopped. The next generation replaces them. The others can go on.
    public let outdated: Set<ReadModel>
    private let inUse: Guarded<ViewGeneration>
    private let inUseNumber: Atomic<Int>
    /// The number that the file `current` holds.
    private let recorded: Guarded<Int>
    /// The earlier generations, as long as they are open.
    private let retired = Guarded<[ViewGeneration]>([])
    /// The numbers of earlier generations, as long as their files are there. They may have been closed long before.
    private let unremoved = Guarded<[Int]>([])
    private let directory: String
    private let log: [UInt8]
    private let mapSize: Int

    /// Opens the generation in use if it can be trusted and belongs to the log. Otherwise begins a new one. Removes
    /// what is left of others.
    ///
    /// - Parameters:
    ///   - directory: is made if it is missing. It must belong to this process alone.
    ///   - log: the identity of the log.
    ///   - head: the log's newest position.
    public init(directory: String, log: [UInt8], head: UInt64, mapSize: Int = 1 << 38) throws {
        try Directory.make(directory)
        let number = SmallFile.read(directory + "/current").flatMap { Int($0) }
        let leftovers = (try? Directory.names(in: directory)) ?? []
        for leftover in leftovers where Int(leftover) != nil && Int(leftover) != number {
            try Directory.remove(directory + "/" + leftover)
        }
        var found: ViewGeneration?
        var state: (position: UInt64, current: Set<ReadModel>) = (0, Set(ReadModel.allCases))
        if let number, let old = ViewGeneration(reopening: number, below: directory, mapSize: mapSize),
            let usable = try? old.store.usable(log: log, head: head)
        {
            (found, state) = (old, usable)
        }
        let generation =
            try found
            ?? ViewGeneration(
                creating: (number ?? 0) + 1, below: directory, log: log, mapSize: mapSize, isLive: true)
        position = state.position
        outdated = Set(ReadModel.allCases).subtracting(state.current)
        inUse = Guarded(generation)
        inUseNumber = Atomic(generation.number)
        recorded = Guarded(generation.number)
        self.directory = directory
        self.log = log
        self.mapSize = mapSize
        try generation.markInUse()
        try SmallFile.replace(directory + "/current", with: String(generation.number))
        if let number, number != generation.number { try Directory.remove(directory + "/\(number)") }
    }

    /// Builds the first generation below a directory that is not there yet. It comes into use only if `body` succeeds.
    /// Otherwise what it wrote is removed.
    ///
    /// - Parameters:
    ///   - log: the identity of the log, which lies elsewhere.
    ///   - position: the position up to which `body` builds the read models.
    public init(
        creating directory: String, log: [UInt8], at position: UInt64, mapSize: Int = 1 << 38,
        _ body: (ViewStore) async throws -> Void
    ) async throws {
        try Directory.make(directory)
        let generation = try ViewGeneration(
            creating: 1, below: directory, log: log, mapSize: mapSize, isLive: false)
        do {
            try await body(generation.store)
            try generation.markInUse()
            try SmallFile.replace(directory + "/current", with: "1")
        } catch {
            try? Directory.remove(generation.directory)
            try? Directory.remove(directory)
            throw error
        }
        self.position = position
        self.directory = directory
        self.log = log
        self.mapSize = mapSize
        outdated = []
        inUse = Guarded(generation)
        inUseNumber = Atomic(generation.number)
        recorded = Guarded(generation.number)
    }

    /// Opens the generation in use to read it, beside a process that may be writing it.
    ///
    /// - Returns: `nil` if there is no such generation.
    /// - Throws: ``UntrustedViews`` when the machine stopped while it was in use, or when another version of the
    ///   program built it without a table that this one has; the error of LMDB about its file.
    public static func read(directory: String) throws -> ViewStore? {
        while let number = SmallFile.read(directory + "/current").flatMap({ Int($0) }) {
            let path = directory + "/\(number)"
            do {
                guard ViewGeneration.isTrusted(path) else { throw UntrustedViews(path: path, reason: .interrupted) }
                do {
                    return try ViewStore(reading: path)
                } catch let error as LMDBError where error.isMissingTable {
                    throw UntrustedViews(path: path, reason: .otherVersion)
                }
            } catch {
                // The other process may have exchanged this generation for the next one, and removed it.
                guard SmallFile.read(directory + "/current") != "\(number)" else { throw error }
            }
        }
        return nil
    }

    /// The generation in use.
    public var current: ViewGeneration { inUse.withLock { $0 } }
    /// Its number; cheap enough to read before every query.
    var number: Int { inUseNumber.load(ordering: .acquiring) }
    /// Its read models.
    public var store: ViewStore { current.store }

    /// Lends all read models at their newest moment. Threads that read all the time use a ``ViewReader``.
    public func read<Result>(_ body: (ViewSnapshot) throws -> Result) throws -> Result { try store.read(body) }

    /// Builds the next generation and prepares it, so that it can be put into use at once. Until then it is unused, and
    /// the next start would remove it.
    ///
    /// - Parameter body: fills the store, which is empty. It must not keep the store, which is closed afterwards and
    ///   opened again for the batches that come then.
    /// - Throws: what `body` throws, or the error of the disk. Nothing is left then.
    public func build(
        isolation: isolated (any Actor)? = #isolation, _ body: (ViewStore) async throws -> Void
    ) async throws -> ViewGeneration {
        let built = try ViewGeneration(
            creating: number + 1, below: directory, log: log, mapSize: mapSize, isLive: false)
        do {
            try await body(built.store)
            let next = try ViewGeneration(live: built, mapSize: mapSize)
            try next.markInUse()
            return next
        } catch {
            try? remove(built)
            throw error
        }
    }

    /// Puts a generation that was built in place of the one in use, for all reads from now on.
    ///
    /// It touches no disk, so it takes no time. If the process ends before ``settle()``, the old generation stays in
    /// use. It lacks only the newest events, which are projected from the log.
    public func exchange(for next: ViewGeneration) {
        let old = inUse.withLock { current in
            defer { current = next }
            return current
        }
        retired.withLock { $0.append(old) }
        unremoved.withLock { $0.append(old.number) }
        inUseNumber.store(next.number, ordering: .releasing)
    }

    /// Makes the last exchange durable, and removes the files of the earlier generations. Blocks for the disk.
    ///
    /// The space becomes free when the last reader has released them: see ``closeRetired(while:)``.
    ///
    /// - Throws: when the disk refuses. Then the files stay until the next call, ``close()`` or the next start.
    public func settle() throws {
        let number = number
        if recorded.withLock({ $0 }) != number {
            try SmallFile.replace(directory + "/current", with: String(number))
            recorded.withLock { $0 = number }
        }
        while let old = unremoved.withLock({ $0.first { $0 < number } }) {
            try Directory.remove(directory + "/\(old)")
            unremoved.withLock { $0.removeAll { $0 == old } }
        }
    }

    /// Closes the files of earlier generations as soon as nobody reads them any more. It does so on this thread,
    /// because closing takes milliseconds, and a thread that answers requests cannot spare them. Blocks for a second or
    /// two; see ``ViewReader/refresh()``.
    ///
    /// - Parameter isWanted: asked now and then whether to go on. If not, the last reader closes them.
    public func closeRetired(while isWanted: () -> Bool) {
        while var environment = nextRetired(while: isWanted) {
            while !isKnownUniquelyReferenced(&environment), isWanted() { usleep(Self.pause) }
        }
    }

    /// The environment of a retired store: open transactions hold it longer than they hold the store itself.
    private func nextRetired(while isWanted: () -> Bool) -> Environment? {
        guard var store = retired.withLock({ $0.popLast()?.store }) else { return nil }
        while !isKnownUniquelyReferenced(&store), isWanted() { usleep(Self.pause) }
        return store.environment
    }

    /// Microseconds between two checks for readers.
    private static let pause: UInt32 = 20_000

    /// Removes the files of a generation that is not in use.
    public func remove(_ generation: ViewGeneration) throws { try Directory.remove(generation.directory) }

    /// Puts everything on disk and marks the generation as clean. Nothing may be projected after that.
    public func close() throws {
        try current.markClean()
        try settle()
    }
}

/// Read models on the disk that are of no use to this program.
public struct UntrustedViews: Error, Sendable, CustomStringConvertible {
    /// What is wrong with them.
    public enum Reason: Sendable {
        /// The machine stopped while they were in use.
        case interrupted
        /// Another version of the program built them.
        case otherVersion
    }

    /// Where they are.
    public let path: String
    /// What is wrong with them.
    public let reason: Reason

    /// One line for people, with what to do.
    public var description: String {
        let problem =
            switch reason {
            case .interrupted: "were in use when the machine stopped, so they are not to be trusted"
            case .otherVersion: "were built by another version of martlet"
            }
        return "the read models in \(path) \(problem); "
            + "the next start of the server builds them anew, and so does `martlet replay`"
    }
}
