public import EventLog
public import Microblog
internal import Projections
internal import Sealing
internal import Threads

/// All of Martlet behind one door: it executes commands, answers queries, reports its state, and keeps media.
///
/// It owns the log, the projection and the media of one data directory, or shows the past of a directory that another
/// process may own. Call ``close()`` before the process ends: it makes the next start quicker. Nothing is lost without
/// it.
public final class Martlet: Sendable {
    /// The data directory.
    public let path: String
    /// The read models that queries read.
    let views: ViewGenerations
    /// How far the read models have come.
    let visibility: Visibility
    /// Which read models stand still.
    let states: ProjectionStates
    /// Uploaded files.
    let media: MediaStore
    /// Makes uploads durable, off the callers' threads.
    let intake: MediaIntake
    /// The limits of the rules.
    public let limits: Limits
    /// The log's newest position when this process opened it. Until queries reflect it, they show the past.
    public let positionAtStart: UInt64

    let log: LMDBEventLog?
    let relay: EventRelay
    let live: LiveProjection?
    private let headAtStart: LogHead
    private let scratch: Scratch?
    private let directory: DataDirectory?
    private let ending = Guarded<Task<Void, any Error>?>(nil)

    /// Opens a data directory and begins to bring the read models up to the log.
    ///
    /// - Throws: `LogError`, `LogCorruption`, `LMDBError`: why it cannot be used, and what to do.
    public init(_ directory: DataDirectory, _ configuration: MartletConfiguration = MartletConfiguration()) throws {
        Scratch.clear(DataLayout(directory.path))
        let relay = EventRelay(limit: configuration.relayMemory)
        self.relay = relay
        let report = configuration.report
        let reportCorruption = configuration.reportCorruption
        let log = try LMDBEventLog(
            directory: directory.log, mapSize: configuration.mapSize, configuration.writing, observer: relay
        ) { failure in
            if case .corrupt(let corruption) = failure {
                reportCorruption("\(corruption)")
            } else {
                report("\(failure)")
            }
        } keys: { identity, isNew in
            try directory.layout.ownKeys(of: identity, isNew: isNew)
        }
        headAtStart = log.head
        views = try ViewGenerations(
            directory: directory.views, log: log.identity, head: headAtStart.position,
            mapSize: configuration.mapSize)
        media = try MediaStore(dataDirectory: directory.path)
        visibility = Visibility(views.position)
        states = ProjectionStates()
        intake = MediaIntake(store: media)
        limits = configuration.limits
        positionAtStart = headAtStart.position
        path = directory.path
        scratch = nil
        self.directory = directory
        self.log = log
        live = LiveProjection(log, relay, views, media, visibility, states, configuration)
    }

    /// Shows a data directory as it was at a moment: its read models are built again up to there, and live as long as
    /// this object. A process that owns the directory is not disturbed. Commands are refused.
    ///
    /// Files that were removed since then are missing in the past as well.
    ///
    /// - Parameters:
    ///   - masterKey: the file of the master key; `nil` if it is in the directory.
    ///   - progress: gets the part of the read models that is built, from 0 to 1, on any thread.
    /// - Throws: ``MomentError`` when the log has no such moment; why the directory cannot be used, and what to do.
    public init(
        asOf moment: Moment, data path: String, masterKey: String? = nil,
        _ configuration: MartletConfiguration = MartletConfiguration(),
        progress: @escaping @Sendable (Double) -> Void = { _ in }
    ) async throws {
        let layout = try DataLayout(existing: path)
        let rebuild = try OfflineRebuild(
            data: path, masterKey: masterKey, memory: configuration.rebuildMemory, mapSize: configuration.mapSize,
            progress: progress)
        headAtStart = try rebuild.head(at: moment)
        let scratch = try Scratch(in: layout)
        views = try await rebuild.build(below: scratch.path, until: headAtStart.position)
        media = MediaStore(reading: layout.path)
        visibility = Visibility(headAtStart.position)
        states = ProjectionStates()
        intake = MediaIntake(store: media)
        limits = configuration.limits
        positionAtStart = headAtStart.position
        self.path = layout.path
        self.scratch = scratch
        directory = nil
        log = nil
        relay = EventRelay()
        live = nil
    }

    /// Why commands are refused, if this shows the past.
    public var past: CommandFailure? {
        log == nil ? .past(headAtStart.position, Timestamp(headAtStart.time)) : nil
    }

    /// The newest durable position and its time.
    public var newest: (position: UInt64, time: Timestamp) {
        let head = log?.head ?? headAtStart
        return (head.position, Timestamp(head.time))
    }

    /// Takes no more commands, completes those that wait, projects everything and marks the views as whole.
    /// A second call waits for the same end.
    public func close() async throws {
        let ending = ending.withLock { ending in
            // Not `self`: the directory must be free as soon as its owner drops it, not when the task ends.
            let task =
                ending
                ?? Task { [intake, log, live, views] in
                    intake.stop()
                    log?.close()
                    await live?.end()
                    if live != nil { try views.close() }
                }
            ending = task
            return task
        }
        try await ending.value
    }
}

/// The door for uploaded files.
extension Martlet {
    /// Opens a file for reading. Touches the disk if the directory is not in the cache.
    ///
    /// - Returns: a descriptor that the caller must close, and the length in bytes; `nil` if there is no such content.
    public func openMedia(_ content: ContentHash) throws(MediaStoreError) -> (descriptor: Int32, size: UInt64)? {
        try media.open(content)
    }

    /// Begins an upload. Creates one file and does not sync it: an event loop may call it.
    public func beginUpload() throws(MediaStoreError) -> MediaStaging { try media.begin() }

    /// Makes an upload durable on another thread. All its bytes must have come. Never blocks.
    ///
    /// - Parameter completion: called once, on a thread that it must not block.
    /// - Returns: whether it was accepted. It is not when too many wait or Martlet is closing. Then the upload still
    ///   belongs to the caller, and `completion` is not called.
    public func finishUpload(
        _ staging: MediaStaging, completion: @escaping @Sendable (MediaIntakeResult) -> Void
    ) -> Bool {
        intake.submit(staging, completion: completion)
    }
}

/// The settings of the whole that the operator may choose.
public struct MartletConfiguration: Sendable {
    /// The limits of the rules.
    public var limits = Limits()
    /// The most bytes that the log, and that the read models, may ever hold. Only address space until it is used.
    public var mapSize = 1 << 38
    /// How the log goes about writing.
    public var writing = WriteConfiguration()
    /// Bytes of frames whose events are held in memory until they are projected. Beyond that they are read from the log.
    var relayMemory = 4 << 20
    /// Bytes that a rebuild of the read models may use.
    public var rebuildMemory = 512 << 20
    /// Called with one line when something goes wrong that no caller sees. On any thread; must not block.
    public var report: @Sendable (String) -> Void = { _ in }
    /// Called when the log turns out to be damaged: nothing more is written then, and the process should end.
    public var reportCorruption: @Sendable (String) -> Void = { _ in }

    /// The defaults.
    public init() {}
}
