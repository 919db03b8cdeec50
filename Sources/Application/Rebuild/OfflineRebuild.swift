internal import EventLog
internal import Files
internal import Glibc
public import Projections
internal import Threads

/// Builds all read models from a log, outside of a server.
public struct OfflineRebuild: Sendable {
    private let log: LogReader
    private let events: LogEvents
    private let memory: Int
    private let mapSize: Int
    private let progress: @Sendable (Double) -> Void

    /// Opens the log below a data directory for reading only. Another process may be writing it.
    ///
    /// - Parameters:
    ///   - path: the data directory.
    ///   - masterKey: the file of the master key; `nil` if it is in the directory.
    ///   - memory: how many bytes may be used, however long the log is.
    ///   - mapSize: the most bytes that the read models may ever hold.
    ///   - progress: gets the part that is done, from 0 to 1, on any thread.
    /// - Throws: why the log cannot be read.
    public init(
        data path: String, masterKey: String? = nil, memory: Int, mapSize: Int = 1 << 38,
        progress: @escaping @Sendable (Double) -> Void
    ) throws {
        let layout = DataLayout(path, masterKey: masterKey)
        log = try LogReader(directory: layout.log)
        events = LogEvents(log, try layout.readKeys(of: log))
        self.memory = memory
        self.mapSize = mapSize
        self.progress = progress
    }

    /// The log's newest position.
    public var head: UInt64 { get throws { try log.head.position } }

    /// The log's identity.
    var identity: [UInt8] { log.identity }

    /// The position of a moment: see ``Moment``.
    ///
    /// - Throws: ``MomentError`` when the log has no such moment.
    public func position(of moment: Moment) throws -> UInt64 { try moment.position(in: log) }

    /// The event at a moment, in the form of the log's head at that time.
    func head(at moment: Moment) throws -> LogHead {
        let position = try moment.position(in: log)
        return LogHead(position: position, time: try log.withRecord(at: position) { $0.time } ?? 0)
    }

    /// Builds a new generation of a data directory's own read models and puts it in place of the old one.
    ///
    /// - Parameter directory: the one that the log is in, locked by this process.
    public func rebuild(_ directory: DataDirectory) async throws -> (report: RebuildReport, store: ViewStore) {
        let start = ContinuousClock.now
        let head = try log.head.position
        let generations = try ViewGenerations(
            directory: directory.views, log: log.identity, head: head, mapSize: mapSize)
        let next = try await generations.build { try await build($0, until: head) }
        generations.exchange(for: next)
        let report = RebuildReport(position: head, duration: .now - start)
        try generations.close()
        return (report, next.store)
    }

    /// Builds the read models as they were at a position, in a directory of their own.
    ///
    /// - Parameter path: must be missing or empty. It gets a directory `views` like that of a data directory.
    /// - Throws: ``EmptyDirectoryError`` when it is neither.
    public func build(into path: String, until last: UInt64) async throws -> (report: RebuildReport, store: ViewStore) {
        let start = ContinuousClock.now
        try EmptyDirectory.prepare(path)
        let views = try await build(below: path, until: last)
        let report = RebuildReport(position: last, duration: .now - start)
        try views.close()
        return (report, views.store)
    }

    /// Builds the read models as they were at a position, in the directory `views` below another.
    func build(below path: String, until last: UInt64) async throws -> ViewGenerations {
        try await ViewGenerations(creating: path + "/views", log: log.identity, at: last, mapSize: mapSize) {
            try await build($0, until: last)
        }
    }

    private func build(_ store: ViewStore, until last: UInt64) async throws {
        let threads = RebuildThreads()
        defer { threads.stop() }
        try await LogRebuild.build(store, from: events, until: last, memory: memory, on: threads, progress: progress)
    }

    /// Brings read models that were built before to a later position.
    func follow(_ store: ViewStore, to last: UInt64) async throws {
        let thread = ThreadExecutor(name: "replay-views")
        defer { thread.stop() }
        let start = try store.read { try $0.position() }
        try await LogRebuild.follow(store, from: events, after: start, until: last, on: [thread])
    }
}

/// What a finished rebuild did.
public struct RebuildReport: Sendable {
    /// The position that the read models reflect.
    public let position: UInt64
    /// How long it took until the read models could be used. The kernel writes them to the disk later, as it does for a
    /// running server.
    public let duration: Duration

    /// Events a second.
    public var rate: Double { Double(position) / max(duration / .seconds(1), 1e-9) }
}

/// A directory that something is written to at once.
enum EmptyDirectory {
    /// Makes a directory, or makes sure that there is nothing in it.
    ///
    /// - Throws: ``EmptyDirectoryError``.
    static func prepare(_ path: String) throws(EmptyDirectoryError) {
        let found: String?
        do throws(FileError) {
            found = try Directory.make(path) ? nil : try Directory.names(in: path).first
        } catch {
            throw .system(path, error.code)
        }
        if let found { throw .notEmpty(path, found) }
    }
}

/// Why nothing can be written to a directory.
public enum EmptyDirectoryError: Error, Sendable, CustomStringConvertible {
    /// It is not empty.
    case notEmpty(String, String)
    /// The system refused.
    case system(String, Int32)

    /// One line for people, with what to do.
    public var description: String {
        switch self {
        case .notEmpty(let path, let name):
            "the directory \(path) is not empty (there is \(name)); name one that is empty or not there yet"
        case .system(let path, let code): "cannot make the directory \(path): \(String(cString: strerror(code)))"
        }
    }
}
