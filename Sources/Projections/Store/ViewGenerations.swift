internal import Glibc

/// The generations of read models below one directory: `current` names the one in use, each lies in a directory of its
/// number, `trust` inside it says whether its file can be believed.
///
/// Commits of views do not wait for the disk. So while a generation is in use, `trust` holds the machine's boot id: after
/// a crash of the process the kernel still has everything, but after another boot the file may be torn, and the views are
/// built anew. An orderly ``close()`` syncs the file and writes `clean`.
public final class ViewGenerations: Sendable {
    /// The generation in use.
    public let store: ViewStore
    /// Its number.
    public let number: Int
    /// The position from which projection goes on: 0 when the generation is new.
    public let position: UInt64
    private let directory: String

    /// Opens the generation in use if it can be trusted and belongs to the log, and begins a new one otherwise.
    ///
    /// - Parameters:
    ///   - directory: is made if it is missing; must belong to this process alone.
    ///   - log: the identity of the log.
    ///   - head: the log's newest position.
    public init(directory: String, log: [UInt8], head: UInt64, mapSize: Int = 1 << 38) throws {
        try FileText.makeDirectory(directory)
        let current = FileText.read(directory + "/current").flatMap { Int($0) }
        for leftover in FileText.list(directory) where Int(leftover) != nil && Int(leftover) != current {
            try FileText.removeDirectory(directory + "/" + leftover)
        }
        let boot = FileText.read("/proc/sys/kernel/random/boot_id") ?? "unknown"
        if let current, Self.isTrusted(directory + "/\(current)", boot),
            let (store, position) = Self.reopen(directory + "/\(current)", log, head, mapSize)
        {
            self.store = store
            self.position = position
            number = current
        } else {
            let next = (current ?? 0) + 1
            let path = directory + "/\(next)"
            try FileText.makeDirectory(path)
            store = try ViewStore(directory: path, mapSize: mapSize)
            try store.bind(to: log)
            position = 0
            number = next
        }
        self.directory = directory
        try FileText.write(boot, to: directory + "/\(number)/trust")
        try FileText.write(String(number), to: directory + "/current")
        if let current, current != number { try FileText.removeDirectory(directory + "/\(current)") }
    }

    /// Puts everything on disk and marks the generation as clean. Nothing may be projected afterwards.
    public func close() throws {
        try store.sync()
        try FileText.write("clean", to: directory + "/\(number)/trust")
    }

    private static func isTrusted(_ path: String, _ boot: String) -> Bool {
        guard let trust = FileText.read(path + "/trust") else { return false }
        return trust == "clean" || (trust == boot && boot != "unknown")
    }

    /// Opens a generation that is there; whatever is wrong with it, it can be built anew.
    private static func reopen(
        _ path: String, _ log: [UInt8], _ head: UInt64, _ mapSize: Int
    ) -> (ViewStore, UInt64)? {
        guard access(path + "/data.mdb", F_OK) == 0,
            let store = try? ViewStore(directory: path, mapSize: mapSize),
            let position = try? store.commonCheckpoint(log: log, head: head)
        else { return nil }
        return (store, position)
    }
}
