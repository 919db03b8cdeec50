internal import Journal

/// What is durable: the log as everybody may see it. It changes when a frame is on the disk, and when frames were
/// applied to the tables.
struct DurableLog {
    /// The newest durable event.
    private(set) var head: LogHead
    /// The value of the hash chain there.
    private(set) var chain: ChainHead
    /// The durable frames that the tables lack.
    private(set) var tail: Tail
    /// The newest durable frame.
    private(set) var number: FrameNumber
    /// How many frames were applied since the log was opened.
    private(set) var appliedCount = 0

    /// A log whose tables end at a position, and whose journal holds frames beyond that.
    ///
    /// - Throws: ``LogCorruption`` when the newest record is damaged.
    init(tables: LogHead, chain: ChainHead, frames: [Frame], number: FrameNumber) throws {
        head = tables
        self.chain = chain
        self.number = number
        tail = Tail(after: tables.position)
        for frame in frames { tail.append(frame) }
        guard let last = frames.last, tail.end > tables.position else { return }
        guard let time = try tail.withRecord(at: tail.end, { $0.time }) else { return }
        head = LogHead(position: tail.end, time: time)
        self.chain = ChainHead(position: tail.end, hash: last.chain)
    }

    /// Puts together what tables and a journal hold, and lets the journal forget what the tables have: when a process
    /// dies after it brought them up to the journal, nobody has told the journal yet.
    ///
    /// - Throws: ``LogCorruption`` when the newest record is damaged; `JournalError`.
    init(_ tables: LogState, _ journal: some Journal) throws {
        var frames: [Frame] = []
        try journal.read(after: tables.head.position) { frames.append(Frame($0)) }
        let number = journal.head.number
        try self.init(tables: tables.head, chain: tables.chain, frames: frames, number: number)
        journal.forget(through: number - UInt64(frames.count))
    }

    /// Takes in the next frame.
    mutating func append(_ decided: DecidedFrame, number: FrameNumber) {
        tail.append(decided.frame)
        self.number = number
        head = decided.newest
        chain = ChainHead(position: head.position, hash: decided.frame.chain)
    }

    /// Notes that the tables have the oldest frames of the tail.
    ///
    /// - Returns: the newest frame that the tables have.
    mutating func applied(_ count: Int) -> FrameNumber {
        tail.removeFirst(count)
        appliedCount += count
        return number - UInt64(tail.frames.count)
    }
}
