public import EventLog

/// Proves a data directory: that its log is whole, and that its read models are what the log makes.
///
/// Both checks only read, so they run beside a server.
public struct Verification: Sendable {
    private let layout: DataLayout
    private let memory: Int
    private let mapSize: Int

    /// Prepares to look at a data directory.
    ///
    /// - Parameters:
    ///   - memory: bytes that may be used, however long the log is.
    ///   - mapSize: the most bytes that read models may hold.
    /// - Throws: ``DataDirectoryError`` if there is none.
    public init(data path: String, memory: Int, mapSize: Int = 1 << 38) throws {
        layout = try DataLayout(existing: path)
        self.memory = memory
        self.mapSize = mapSize
    }

    /// Checks everything in the log; see `LogCheck`.
    ///
    /// - Parameter expectedChain: a value of the hash chain that was noted elsewhere.
    /// - Throws: why the log cannot be read at all.
    public func checkLog(
        expectedChain: ChainHash?, progress: @escaping (LogCheckProgress) -> Void
    ) throws -> LogCheckReport {
        let scratch = try Scratch(in: layout)
        return try LogCheck.run(
            LogReader(directory: layout.log), expectedChain: expectedChain, memory: memory, scratch: scratch.path,
            progress: progress)
    }

    /// Builds all read models anew and compares them with those in use.
    public func checkViews(progress: @escaping @Sendable (Double) -> Void) async throws -> ViewCheck {
        try await ViewCheck.run(data: layout.path, memory: memory, mapSize: mapSize, progress: progress)
    }
}
