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

    /// Makes an empty generation, in place of what may be left of an attempt at the same number.
    ///
    /// - Parameters:
    ///   - log: the identity of the log that it is for.
    ///   - isLive: whether it is to be filled as events come, and not by a rebuild.
    init(creating number: Int, below parent: String, log: [UInt8], mapSize: Int, isLive: Bool) throws {
        let path = parent + "/\(number)"
        try Directory.remove(path)
        try Directory.make(path)
        self.number = number
        store = try ViewStore(directory: path, mapSize: mapSize, isLive: isLive)
        try store.bind(to: log)
    }

    /// Opens a generation that is there; `nil` if it is not to be trusted or cannot be opened, since whatever is wrong with
    /// it, it can be built anew.
    init?(reopening number: Int, below parent: String, mapSize: Int) {
        let path = parent + "/\(number)"
        guard Self.isTrusted(path), SmallFile.exists(path + "/data.mdb"),
            let store = try? ViewStore(directory: path, mapSize: mapSize)
        else { return nil }
        self.number = number
        self.store = store
    }

    /// A generation that was built, closed and opened again for the batches that come now. Nobody may be using it.
    init(live built: ViewGeneration, mapSize: Int) throws {
        built.store.close()
        number = built.number
        store = try ViewStore(directory: built.directory, mapSize: mapSize)
    }

    /// Whether the files in a generation's directory are what was written last.
    static func isTrusted(_ path: String) -> Bool {
        SmallFile.read(path + "/trust").map { $0 == clean || $0 == boot } ?? false
    }

    /// Notes that the generation is being written, so that it is trusted until the machine starts anew.
    func markInUse() throws { try SmallFile.replace(trust, with: Self.boot ?? "unknown") }

    /// Puts everything on disk and notes that it can be trusted for ever.
    public func markClean() throws {
        try store.sync()
        try SmallFile.replace(trust, with: Self.clean)
    }

    private static let clean = "clean"
    /// What the kernel calls this start of the machine.
    private static var boot: String? { SmallFile.read("/proc/sys/kernel/random/boot_id") }
}
