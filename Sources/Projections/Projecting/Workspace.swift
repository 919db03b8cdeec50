/// The room that projectors have for a batch.
struct Workspace: Sendable {
    /// Where sorters put what does not fit in memory.
    let directory: String
    /// Bytes for everything.
    let memory: Int

    /// Live batches are small and never come near it.
    static func live(_ directory: String) -> Workspace { Workspace(directory: directory, memory: 256 << 20) }

    /// No more than seven sorters are full at a time: three gather all of a rebuild's events, and the projector that
    /// emits fills up to four more.
    var sorterMemory: Int { memory / 10 }
    /// Bytes of a table whose rows come in no order that are sorted at a time; three such tables are filled at once.
    var unorderedBlock: Int { memory / 32 }
    /// How many blocks of rows, of some 1 MB, may wait to be written.
    var blocksWaiting: Int { max(8, memory >> 24) }
    /// Bytes to remember accounts in.
    var accountMemory: Int { memory / 16 }
}
