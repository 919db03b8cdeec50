public import Microblog

/// What the operator may choose about the whole.
public struct MartletConfiguration: Sendable {
    /// The limits of the rules.
    public var limits = Limits()
    /// The most bytes that the log, and that the read models, may ever hold. Only address space until it is used.
    public var mapSize = 1 << 38
    /// How many commands may wait for the log before further ones are refused.
    public var waitingCommands = 16_384
    /// How many commands one commit of the log takes at most.
    public var commandsPerCommit = 4096
    /// Bytes that a rebuild of the read models may use.
    public var rebuildMemory = 512 << 20
    /// Called with one line when something goes wrong that no caller sees. On any thread; must not block.
    public var report: @Sendable (String) -> Void = { _ in }
    /// Called when the log turns out to be damaged: nothing more is written then, and the process should end.
    public var reportCorruption: @Sendable (String) -> Void = { _ in }

    /// The defaults.
    public init() {}
}
