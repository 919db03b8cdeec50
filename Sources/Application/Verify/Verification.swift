public import EventLog
public import Projections
internal import Sealing
internal import Threads

/// What a check of the read models found.
public struct ViewCheck: Sendable {
    /// What was found about one read model.
    public enum Finding: Sendable {
        /// It is equal to what the log makes.
        case equal
        /// It differs: the first row that differs; `nil` if a running server has changed that row since.
        case differs(ViewDifference?)
        /// It is not up to date for this program. The next start of the server builds it again.
        case outdated
    }

    /// The position that was compared; the log's newest if there was nothing to compare.
    public let position: UInt64
    /// The digests of the read models that the log makes.
    public let digests: [ReadModelDigest]
    /// What was found, by read model; empty if there are no read models to compare.
    public let findings: [ReadModel: Finding]
    /// Why there was nothing to compare.
    public let obstacle: String?

    /// Whether no read model differs.
    public var isGood: Bool {
        !findings.values.contains { if case .differs = $0 { true } else { false } }
    }
}

extension ViewCheck {
    /// Builds all read models of a data directory again in a scratch directory and compares them with the ones in use.
    /// A server may be running.
    ///
    /// - Parameters:
    ///   - masterKey: the file of the master key; `nil` if it is in the directory.
    ///   - memory: how many bytes may be used.
    ///   - progress: gets the part that is done, from 0 to 1, on any thread.
    /// - Throws: the reason why the log or the read models cannot be read; ``RebuildError`` when an event cannot be
    ///   applied.
    public static func run(
        data path: String, masterKey: String? = nil, memory: Int, mapSize: Int = 1 << 38,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> ViewCheck {
        let layout = try DataLayout(existing: path, masterKey: masterKey)
        let rebuild = try OfflineRebuild(
            data: path, masterKey: masterKey, memory: memory, mapSize: mapSize, progress: progress)
        let scratch = try Scratch(in: layout)
        let inUse: ViewStore?
        let obstacle: String?
        do {
            inUse = try ViewGenerations.read(directory: layout.views)
            obstacle = inUse == nil ? "there are no read models yet; the next start of the server builds them" : nil
        } catch let error as UntrustedViews {
            (inUse, obstacle) = (nil, "\(error)")
        }
        // This comes before the log's head: a server may go on, and what it shows is in the log.
        let shown = try inUse?.read { try $0.position() }
        let head = try rebuild.head
        guard let inUse, let shown, let current = try inUse.current(for: rebuild.identity), shown <= head else {
            let built = try await rebuild.build(below: scratch.path, until: head).store
            return ViewCheck(
                position: head, digests: try built.digests().digests, findings: [:],
                obstacle: obstacle ?? "the read models are not those of this log; the next start builds them anew")
        }
        let (position, digests) = try inUse.digests()
        let built = try await rebuild.build(below: scratch.path, until: position).store
        let expected = try built.digests().digests
        var findings: [ReadModel: Finding] = [:]
        for (mine, wanted) in zip(digests, expected) {
            if !current.contains(mine.model) {
                findings[mine.model] = .outdated
            } else if mine == wanted {
                findings[mine.model] = .equal
            } else {
                findings[mine.model] = .differs(try await difference(mine.model, inUse, built, rebuild))
            }
        }
        return ViewCheck(position: position, digests: expected, findings: findings, obstacle: nil)
    }

    /// Looks for the first row that differs. A running server has gone on since the digests were made, so the new read
    /// models follow it to a position that both show. What is wrong usually stays wrong.
    private static func difference(
        _ model: ReadModel, _ inUse: ViewStore, _ built: ViewStore, _ rebuild: OfflineRebuild
    ) async throws -> ViewDifference? {
        while true {
            try await rebuild.follow(built, to: try inUse.read { try $0.position() })
            do {
                return try inUse.firstDifference(model, from: built)
            } catch is DifferentPositions {
                continue
            }
        }
    }
}

/// Checks a data directory: whether its log is whole, and whether its read models are equal to what the log makes.
///
/// Both checks only read, so they run beside a server.
public struct Verification: Sendable {
    private let layout: DataLayout
    private let memory: Int
    private let mapSize: Int

    /// Prepares to check a data directory.
    ///
    /// - Parameters:
    ///   - masterKey: the file of the master key; `nil` if it is in the directory.
    ///   - memory: how many bytes may be used, however long the log is.
    ///   - mapSize: the most bytes that read models may hold.
    /// - Throws: ``DataDirectoryError`` if there is none.
    public init(data path: String, masterKey: String? = nil, memory: Int, mapSize: Int = 1 << 38) throws {
        layout = try DataLayout(existing: path, masterKey: masterKey)
        self.memory = memory
        self.mapSize = mapSize
    }

    /// Checks everything in the log; see `LogCheck`.
    ///
    /// - Parameter expectedChain: a value of the hash chain that was noted elsewhere.
    /// - Throws: the reason why the log cannot be read at all.
    public func checkLog(
        expectedChain: ChainHash?, progress: @escaping (LogCheckProgress) -> Void
    ) throws -> LogCheckReport {
        let scratch = try Scratch(in: layout)
        return try LogCheck.run(
            LogReader(directory: layout.log, forCheck: true), expectedChain: expectedChain, memory: memory,
            scratch: scratch.path, progress: progress)
    }

    /// Reads all keys.
    ///
    /// - Returns: how many accounts have one.
    /// - Throws: `KeyError` when they are missing, wrong, an older copy, or one of them is damaged.
    public func checkKeys() throws -> Int { try layout.readKeys(of: LogReader(directory: layout.log)).count }

    /// Builds all read models again and compares them with the ones in use.
    public func checkViews(progress: @escaping @Sendable (Double) -> Void) async throws -> ViewCheck {
        try await ViewCheck.run(
            data: layout.path, masterKey: layout.keyFiles.masterKey, memory: memory, mapSize: mapSize,
            progress: progress)
    }
}
