internal import Files

/// One generation of read models: a directory of its number, and the store that is open in it.
public struct ViewGeneration: Sendable {
    /// Its number; a later one is greater.
    public let number: Int
    /// Its read models.
    public let store: ViewStore

    /// Where it lies.
    var directory: String { store.directory }
    private var trust: String { directory + "/trust" }

    /// Makes an empty generation. Replaces what an earlier attempt with the same number may have left.
    ///
    /// - Parameters:
    ///   - log: the identity of the log that it is for.
    ///   - isLive: whether it is filled as events come, and not by a rebuild.
    init(creating number: Int, below parent: String, log: [UInt8], mapSize: Int, isLive: Bool) throws {
        let path = parent + "/\(number)"
        try Directory.remove(path)
        try Directory.make(path)
        self.number = number
        store = try ViewStore(directory: path, mapSize: mapSize, isLive: isLive)
        try store.bind(to: log)
    }

    /// Opens an existing generation; `nil` if it cannot be trusted or opened. Whatever is wrong with it, it can be
    /// built again.
    init?(reopening number: Int, below parent: String, mapSize: Int) {
        let path = parent + "/\(number)"
        guard Self.isTrusted(path), SmallFile.exists(path + "/data.mdb"),
            let store = try? ViewStore(directory: path, mapSize: mapSize)
        else { return nil }
        self.number = number
        self.store = store
    }

    /// Closes a generation that was built and opens it again for the batches that come now. Nobody may be using it.
    init(live built: ViewGeneration, mapSize: Int) throws {
        built.store.close()
        number = built.number
        store = try ViewStore(directory: built.directory, mapSize: mapSize)
    }

    /// Whether a generation's directory holds what was written last.
    static func isTrusted(_ path: String) -> Bool {
        SmallFile.read(path + "/trust").map { $0 == clean || $0 == boot } ?? false
    }

    /// Notes that the generation is being written. It is trusted until the machine starts again.
    func markInUse() throws { try SmallFile.replace(trust, with: Self.boot ?? "unknown") }

    /// Puts everything on disk and notes that it can be trusted for ever.
    public func markClean() throws {
        try store.sync()
        try SmallFile.replace(trust, with: Self.clean)
    }

    private static let clean = "clean"
    /// The kernel's name for this start of the machine.
    private static var boot: String? { SmallFile.read("/proc/sys/kernel/random/boot_id") }
}
