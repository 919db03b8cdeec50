/// Where the slot of an account can be, without reading all slots.
///
/// Accounts are numbered by the position of their event, so slots ascend, and a slot is found by halving. When a batch of
/// the log failed after keys were made for it, a later account can have a lower number than the newest slot. Then a new
/// **run** begins, which ascends by itself. Nothing is ever moved or given to another account: the key of a frame that
/// turns out durable after all is still there.
///
/// It keeps the account of each slot that begins a page, once it was read: 8 bytes for 32 slots.
struct SlotIndex {
    /// Slots in a page of 4 KiB.
    static let pageSlots: UInt64 = 32
    private static let unread = UInt64.max

    private struct Run {
        let start: UInt64
        /// The account of its first slot.
        let first: UInt64
        /// The account of its last slot.
        var last: UInt64
    }

    /// How many slots there are, with that of the log.
    private(set) var count: UInt64 = 1
    /// The newest account; 0 if there is none.
    private(set) var newest: UInt64 = 0
    private var runs: [Run] = []
    private var pageAccounts: [UInt64] = [0]

    /// The head of the slot that comes next.
    ///
    /// - Parameter durable: how many slots are known to be durable.
    static func nextHead(
        for account: UInt64, number: UInt64, after last: (account: UInt64, run: UInt64)?, durable: UInt64
    ) -> SlotHead {
        guard let last, last.account < account else {
            return SlotHead(account: account, run: number, durable: durable)
        }
        return SlotHead(account: account, run: last.run, durable: durable)
    }

    /// The last slot; `nil` if no account has one.
    var last: (account: UInt64, run: UInt64)? { runs.last.map { ($0.last, $0.start) } }

    /// Whether a slot can come next: it begins a run, or goes on with the newest.
    func continues(with head: SlotHead) -> Bool { head.run == count || head.run == runs.last?.start }

    /// Adds the slot that comes next.
    mutating func append(_ head: SlotHead) {
        if head.run == count {
            runs.append(Run(start: count, first: head.account, last: head.account))
        } else {
            runs[runs.count - 1].last = head.account
        }
        if count % Self.pageSlots == 0 { setPageAccount(count, head.account) }
        newest = max(newest, head.account)
        count += 1
    }

    /// The slot of the log alone.
    static let empty = SlotIndex()

    private init() {}

    /// Takes over slots that are there.
    ///
    /// - Parameters:
    ///   - count: how many, with that of the log.
    ///   - head: reads the head of a slot. It is called a few times for each run.
    init<Failure: Error>(count: UInt64, head: (UInt64) throws(Failure) -> SlotHead) throws(Failure) {
        self.count = count
        var end = count
        while end > 1 {
            let last = try head(end - 1)
            let first = last.run == end - 1 ? last : try head(last.run)
            runs.append(Run(start: last.run, first: first.account, last: last.account))
            newest = max(newest, last.account)
            // The run of a slot is never behind the slot.
            end = last.run
        }
        runs.reverse()
    }

    /// The slots among which that of an account is, if it has one: at most a page and a slot for each run, the newest
    /// run first.
    ///
    /// - Parameter firstAccount: reads the account of the first of some slots, which are a page. If that cannot be read,
    ///   it may be the account of a later one.
    mutating func candidates<Failure: Error>(
        for account: UInt64, firstAccount: (Range<UInt64>) throws(Failure) -> UInt64
    ) throws(Failure) -> [Range<UInt64>] {
        var candidates: [Range<UInt64>] = []
        var end = count
        for run in runs.reversed() {
            if run.first <= account, account <= run.last {
                candidates.append(try narrow(run.start..<end, for: account, firstAccount))
            }
            end = run.start
        }
        return candidates
    }

    /// Halves over the slots that begin pages.
    private mutating func narrow<Failure: Error>(
        _ slots: Range<UInt64>, for account: UInt64, _ firstAccount: (Range<UInt64>) throws(Failure) -> UInt64
    ) throws(Failure) -> Range<UInt64> {
        var low = slots.lowerBound / Self.pageSlots
        var high = (slots.upperBound - 1) / Self.pageSlots + 1
        // The page `low` begins before the account, or is the first; the page `high` does not, or is behind the end.
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if try pageAccount(middle, firstAccount) < account { low = middle } else { high = middle }
        }
        // The slot itself may begin the page `high`.
        return max(slots.lowerBound, low * Self.pageSlots)..<min(slots.upperBound, high * Self.pageSlots + 1)
    }

    private mutating func pageAccount<Failure: Error>(
        _ page: UInt64, _ firstAccount: (Range<UInt64>) throws(Failure) -> UInt64
    ) throws(Failure) -> UInt64 {
        if page < pageAccounts.count, pageAccounts[Int(page)] != Self.unread { return pageAccounts[Int(page)] }
        let first = page * Self.pageSlots
        let account = try firstAccount(first..<min(count, first + Self.pageSlots))
        setPageAccount(first, account)
        return account
    }

    private mutating func setPageAccount(_ slot: UInt64, _ account: UInt64) {
        let page = Int(slot / Self.pageSlots)
        if page >= pageAccounts.count {
            pageAccounts += [UInt64](repeating: Self.unread, count: page + 1 - pageAccounts.count)
        }
        pageAccounts[page] = account
    }
}
