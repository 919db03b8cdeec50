internal import Files

/// What a keys file holds when it is opened.
///
/// Slots that are known to be durable, as the file notes or the last slot says, are believed, and found out when they are read if they are damaged. The others are
/// the last ones: some of them may be torn, because the power went before a sync returned. Nobody relies on a torn one.
struct KeyFileOpening<File: DiskFile> {
    let header: KeyFileHeader
    let logKey: SealingKey
    private(set) var slots: SlotFile<File>
    private(set) var index = SlotIndex.empty
    private let cipher: SlotCipher

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - log: the identity of the log that the keys must belong to.
    ///   - isOwner: whether the last slots are written again. They may be in the system's memory alone: after a sync that
    ///     failed, a process that was killed leaves what the system holds for clean.
    /// - Throws: ``KeyError``.
    init(
        _ file: File, path: String, master: MasterKey, log: [UInt8], isOwner: Bool
    ) throws(KeyError) {
        slots = SlotFile(file, path: path)
        header = try Self.header(file, path)
        guard header.log == log else { throw .foreign(path, log: log, found: header.log) }
        cipher = SlotCipher(identity: log, master: master.key)
        let first = SlotBytes(try slots.read(0..<1), first: 0)
        guard !first.numbers.isEmpty, first.withSlot(0, { SlotHead($0, number: 0) }) != nil else {
            throw slots.damaged(0, "it is not what was written")
        }
        switch first.withSlot(0, { [cipher] in cipher.contents($0, number: 0) }) {
        case .key(let key): logKey = key
        case .none: throw slots.damaged(0, "the key of the log is not there")
        case .damaged: throw .wrongMasterKey(keys: path, master: master.path)
        }
        let last = try lastWhole()
        let noted = try slots.durableCount()
        guard noted <= last.number + 1 else {
            throw slots.damaged(last.number + 1, "it was durable, and is not there any more")
        }
        let durable = max(1, last.durable, noted)
        if durable <= last.number { try mend(durable..<(last.number + 1), isOwner: isOwner) }
        index = try SlotIndex(count: last.number + 1) { (slot) throws(KeyError) in try slots.head(slot) }
    }

    private static func header(_ file: File, _ path: String) throws(KeyError) -> KeyFileHeader {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try [UInt8](capacity: KeyFileHeader.size) { (bytes) throws(FileError) in
                try file.read(into: bytes, at: 0)
            }
        } catch {
            throw .disk(error)
        }
        return try bytes.lend { (bytes) throws(KeyError) in try KeyFileHeader(bytes, path: path) }
    }

    /// The last slot that is whole. Behind it is room, and what was torn.
    private func lastWhole() throws(KeyError) -> (number: UInt64, durable: UInt64) {
        var end = try slots.capacity()
        while end > 1 {
            let start = end > SlotIndex.pageSlots ? end - SlotIndex.pageSlots : 1
            let page = SlotBytes(try slots.read(start..<end), first: start)
            for number in page.numbers.reversed() {
                if let head = wholeHead(page, number) { return (number, head.durable) }
            }
            end = start
        }
        return (0, 0)
    }

    private func wholeHead(_ page: SlotBytes, _ number: UInt64) -> SlotHead? {
        page.withSlot(number) { slot in
            // Room has no mark.
            guard slot[KeySlot.markOffset] != 0, let head = SlotHead(slot, number: number) else { return nil }
            if case .damaged = cipher.contents(slot, number: number) { return nil }
            return head
        }
    }

    /// Puts an empty slot in the place of each one that is torn, so that what comes after it keeps its place.
    private mutating func mend(_ numbers: Range<UInt64>, isOwner: Bool) throws(KeyError) {
        let found = SlotBytes(try slots.read(numbers), first: numbers.lowerBound)
        var mended: [UInt8] = []
        var before = numbers.lowerBound == 1 ? nil : try slots.head(numbers.lowerBound - 1)
        for number in numbers {
            var head = wholeHead(found, number)
            if let head {
                mended += found.withSlot(number) { slot in
                    // Of a key that was being erased, nothing is kept.
                    slot[KeySlot.markOffset] == KeySlot.Mark.key.rawValue ? Array(slot) : Self.empty(head, number)
                }
            } else {
                let next = (number..<numbers.upperBound).lazy.compactMap { [self] in wholeHead(found, $0) }.first!
                head = Self.placeholder(number, before: before, next: next)
                mended += Self.empty(head!, number)
                if !isOwner { slots.standIn(Array(mended.suffix(KeySlot.size)), for: number) }
            }
            before = head
        }
        guard isOwner else { return }
        try slots.write(mended, at: numbers.lowerBound)
        try slots.sync()
    }

    /// The head of an empty slot that keeps accounts in order: it names the account before it, which comes first in a
    /// search.
    private static func placeholder(_ number: UInt64, before: SlotHead?, next: SlotHead) -> SlotHead {
        let run = next.run <= number ? next.run : before?.run ?? number
        let account = run == number ? 0 : before?.account ?? 0
        return SlotHead(account: account, run: run, durable: next.durable)
    }

    private static func empty(_ head: SlotHead, _ number: UInt64) -> [UInt8] {
        var slot = [UInt8](repeating: 0, count: KeySlot.size)
        slot.withUnsafeMutableBytes { KeySlot.writeEmpty(head, number: number, to: $0) }
        return slot
    }

    /// The parts of an open file.
    var parts: (slots: SlotFile<File>, index: SlotIndex, cipher: SlotCipher) { (slots, index, cipher) }
}
