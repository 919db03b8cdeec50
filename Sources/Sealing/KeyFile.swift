internal import Files
internal import Threads

/// The keys of accounts in a file of fixed slots, each sealed with the master key.
///
/// New keys wait in memory until ``sync()`` writes them behind the others. They stay there until a sync has succeeded,
/// because after one that failed a second one says nothing about the bytes: they are written again. A slot is written
/// over once, when its key is erased, and never moved: so no copy of an erased key is left in the file.
///
/// Locks are taken in this order: `writing`, then `state`. Keys are looked up without the first.
final class KeyFile<D: Disk>: KeySlots {
    private struct State {
        var index: SlotIndex
        /// Keys that are not durable yet, in the order of their slots, which follow those of the index.
        var pending: [(head: SlotHead, key: SealingKey)] = []
        /// Where an account is in `pending`.
        var places: [UInt64: Int] = [:]
        var recent = RecentSlots()

        var lastHead: (account: UInt64, run: UInt64)? {
            pending.last.map { ($0.head.account, $0.head.run) } ?? index.last
        }
    }

    private enum Finding {
        case key(SealingKey)
        case none
        case absent
    }

    /// Slots are written with zeros behind them up to a multiple of this, so that the file seldom grows.
    private static var roomSlots: UInt64 { 512 }

    private let slots: SlotFile<D.File>
    private let cipher: SlotCipher
    private let isOwner: Bool
    private let cache: KeyCache
    private let state: Guarded<State>
    /// Held for as long as something is written, which takes longer than anybody should wait for a key. The value is how
    /// many slots the file has room for.
    private let writing: Guarded<UInt64>

    /// - Parameter isOwner: whether it may write. Otherwise somebody else may write meanwhile.
    init(_ opening: KeyFileOpening<D.File>, isOwner: Bool, cache: KeyCache = KeyCache()) throws(KeyError) {
        let parts = opening.parts
        slots = parts.slots
        cipher = parts.cipher
        self.isOwner = isOwner
        self.cache = cache
        state = Guarded(State(index: parts.index))
        writing = Guarded(try parts.slots.capacity())
    }

    func key(of account: UInt64) throws(KeyError) -> SealingKey? {
        guard case .key(let key) = try find(account) else { return nil }
        return key
    }

    func makeKey(of account: UInt64) throws(KeyError) -> SealingKey {
        guard isOwner else { throw .readOnly(slots.path) }
        precondition(1..<KeyCache.firstUnused ~= account, "accounts are numbered by positions of the log")
        // Two threads must not make two keys for one account.
        return try writing.withLock { (_) throws(KeyError) in
            switch try find(account) {
            case .key(let key): return key
            case .none: throw .erased(account: account)
            case .absent: return append(account)
            }
        }
    }

    private func append(_ account: UInt64) -> SealingKey {
        let key = SealingKey.random()
        state.withLock { state in
            let number = state.index.count + UInt64(state.pending.count)
            let head = SlotIndex.nextHead(
                for: account, number: number, after: state.lastHead, durable: state.index.count)
            state.places[account] = state.pending.count
            state.pending.append((head, key))
        }
        return key
    }

    func sync() throws(KeyError) {
        guard isOwner else { return }
        try writing.withLock { (room) throws(KeyError) in try writePending(&room) }
    }

    private func writePending(_ room: inout UInt64) throws(KeyError) {
        let (first, pending) = state.withLock { ($0.index.count, $0.pending) }
        guard !pending.isEmpty else { return }
        var bytes = [UInt8](repeating: 0, count: pending.count * KeySlot.size)
        bytes.withUnsafeMutableBytes { bytes in
            for (place, slot) in pending.enumerated() {
                let target = UnsafeMutableRawBufferPointer(
                    rebasing: bytes[(place * KeySlot.size)..<((place + 1) * KeySlot.size)])
                cipher.write(slot.key, slot.head, number: first + UInt64(place), to: target)
            }
        }
        try write(bytes, at: first, &room)
        try slots.sync()
        slots.noteDurable(first + UInt64(pending.count))
        state.withLock { state in
            for slot in pending {
                state.index.append(slot.head)
                state.places[slot.head.account] = nil
            }
            state.pending.removeFirst(pending.count)
            for place in state.pending.indices { state.places[state.pending[place].head.account] = place }
        }
    }

    /// Writes slots with room behind them, or without where there is none.
    private func write(_ bytes: [UInt8], at slot: UInt64, _ room: inout UInt64) throws(KeyError) {
        let end = slot + UInt64(bytes.count / KeySlot.size)
        guard end > room else { return try slots.write(bytes, at: slot) }
        let more = (Self.roomSlots - end % Self.roomSlots) % Self.roomSlots
        do throws(KeyError) {
            try slots.write(bytes + [UInt8](repeating: 0, count: Int(more) * KeySlot.size), at: slot)
            room = end + more
        } catch {
            try slots.write(bytes, at: slot)
        }
    }

    func destroyKey(of account: UInt64) throws(KeyError) {
        guard isOwner else { throw .readOnly(slots.path) }
        try writing.withLock { (room) throws(KeyError) in
            try writePending(&room)
            guard let (number, head) = try place(of: account) else { return }
            var slot = [UInt8](repeating: 0, count: KeySlot.size)
            slot.withUnsafeMutableBytes { KeySlot.writeEmpty(head, number: number, to: $0) }
            // Whatever happens from here on, the key is not to be handed out again.
            defer {
                // In this order: who has a slot from before gets no ticket that is valid after it.
                state.withLock { $0.recent.forget() }
                cache.remove(account)
            }
            // Also where it was erased before: nobody knows whether that came to the disk.
            try slots.write(slot, at: number)
            try slots.sync()
        }
    }

    var newestAccount: UInt64 {
        state.withLock { state in state.pending.reduce(state.index.newest) { max($0, $1.head.account) } }
    }

    func eachSlot(_ body: (UInt64, SealingKey?) throws -> Void) throws {
        let (count, pending) = try state.withLock { (state) throws(KeyError) in
            if !isOwner { try extend(&state.index) }
            return (state.index.count, state.pending)
        }
        var number: UInt64 = 1
        var before: UInt64 = 0
        while number < count {
            let page = SlotBytes(try slots.read(number..<min(count, number + 1024)), first: number)
            guard !page.numbers.isEmpty else { throw slots.damaged(number, "the file ends before it") }
            for slot in page.numbers {
                guard let head = page.withSlot(slot, { SlotHead($0, number: slot) }) else {
                    throw slots.damaged(slot, "it is not what was written")
                }
                switch try contents(page, slot) {
                case .key(let key): try body(head.account, key)
                // An empty slot can name the account before it, or nobody.
                default: if head.account > 0, head.account != before { try body(head.account, nil) }
                }
                before = head.account
            }
            number = page.numbers.upperBound
        }
        for slot in pending { try body(slot.head.account, slot.key) }
    }
}

// Looking up.
extension KeyFile {
    private func find(_ account: UInt64) throws(KeyError) -> Finding {
        guard 1..<KeyCache.firstUnused ~= account else { return .absent }
        let ticket: KeyCache.Ticket
        switch cache[account] {
        case .key(let key): return .key(key)
        case .none: return .none
        case .unknown(let valid): ticket = valid
        }
        let pending = state.withLock { state in state.places[account].map { state.pending[$0].key } }
        if let pending { return .key(pending) }
        guard let (page, number) = try slot(of: account) else { return .absent }
        switch try contents(page, number) {
        case .key(let key):
            cache.enter(key, of: account, ticket)
            return .key(key)
        default:
            cache.enter(nil, of: account, ticket)
            return .none
        }
    }

    /// Never ``SlotContents/damaged(_:)``.
    private func contents(_ page: SlotBytes, _ number: UInt64) throws(KeyError) -> SlotContents {
        var contents = page.withSlot(number) { cipher.contents($0, number: number) }
        // Perhaps it was read while it was being written over.
        for _ in 0..<3 {
            guard case .damaged = contents else { return contents }
            let again = SlotBytes(try slots.read(number..<(number + 1)), first: number)
            guard !again.numbers.isEmpty else { break }
            contents = again.withSlot(number) { cipher.contents($0, number: number) }
        }
        guard case .damaged(let problem) = contents else { return contents }
        throw slots.damaged(number, problem)
    }

    private func place(of account: UInt64) throws(KeyError) -> (number: UInt64, head: SlotHead)? {
        guard let (page, number) = try slot(of: account) else { return nil }
        return page.withSlot(number) { slot in SlotHead(slot, number: number).map { (number, $0) } }
    }

    /// Finds the slot of an account, with the bytes around it.
    ///
    /// - Throws: ``KeyError``, also when the slot may be one that is damaged.
    private func slot(of account: UInt64) throws(KeyError) -> (SlotBytes, UInt64)? {
        var before: UInt64 = 0
        while true {
            let (count, erasures, candidates) = try state.withLock { (state) throws(KeyError) in
                if before > 0 { try extend(&state.index) }
                let candidates = try state.index.candidates(for: account) { (slots) throws(KeyError) in
                    try self.slots.firstAccount(slots)
                }
                return (state.index.count, state.recent.erasures, candidates.map { ($0, state.recent[$0]) })
            }
            let pages = try candidates.map { (slots, recent) throws(KeyError) in
                if let recent { return recent }
                let page = SlotBytes(try self.slots.read(slots), first: slots.lowerBound)
                state.withLock { $0.recent.keep(page, erasures) }
                return page
            }
            for page in pages {
                if let number = page.number(of: account) {
                    try requireWhole(number..<(number + 1), page)
                    return (page, number)
                }
            }
            // Its slot may be one that does not show it any more.
            for ((slots, _), page) in zip(candidates, pages) { try requireWhole(slots, page) }
            // Who does not own the file looks once more whether it has grown.
            guard !isOwner, count != before else { return nil }
            before = count
        }
    }

    private func requireWhole(_ numbers: Range<UInt64>, _ page: SlotBytes) throws(KeyError) {
        for number in numbers {
            let isWhole = page.numbers.contains(number) && page.withSlot(number) { SlotHead($0, number: number) != nil }
            guard isWhole else { throw slots.damaged(number, "it is not what was written") }
        }
    }

    /// Takes in slots that the owner has added.
    private func extend(_ index: inout SlotIndex) throws(KeyError) {
        while true {
            let page = SlotBytes(try slots.read(index.count..<(index.count + SlotIndex.pageSlots)), first: index.count)
            for number in page.numbers {
                let head = page.withSlot(number) { slot -> SlotHead? in
                    if case .damaged = cipher.contents(slot, number: number) { return nil }
                    return SlotHead(slot, number: number)
                }
                guard let head, index.continues(with: head) else { return }
                index.append(head)
            }
            if page.numbers.isEmpty { return }
        }
    }
}
