internal import Microblog

/// Display names by account, close together: a rebuild holds hundreds of thousands.
///
/// Open addressing with linear probing; the names themselves lie one after the other in one block.
struct NameTable {
    private struct Slot {
        /// 0 is no account, and marks a free slot.
        var account: UInt64 = 0
        var start: UInt32 = 0
        var count: UInt32 = 0
    }

    private var slots = [Slot](repeating: Slot(), count: 64)
    private var count = 0
    private var bytes: [UInt8] = []
    private let limit: Int

    /// - Parameter memory: the most bytes to use.
    init(memory: Int) { limit = min(memory, 1 << 31) }

    /// Notes a name in UTF-8. When memory ends all others are forgotten.
    mutating func insert(_ account: UInt64, _ name: String) {
        if slots.count * MemoryLayout<Slot>.stride + bytes.count > limit { removeAll() }
        if count * 2 >= slots.count { grow() }
        let start = bytes.count
        bytes += name.utf8
        place(Slot(account: account, start: UInt32(start), count: UInt32(bytes.count - start)))
    }

    /// Appends a name to a row, if it is known.
    ///
    /// - Returns: whether it is.
    @inline(__always)
    func append(_ account: AccountID, to row: inout [UInt8]) -> Bool {
        guard let slot = slot(of: account) else { return false }
        bytes.withUnsafeBytes { row.append(contentsOf: $0[Int(slot.start)..<Int(slot.start + slot.count)]) }
        return true
    }

    @inline(__always)
    private func slot(of account: AccountID) -> Slot? {
        slots.withUnsafeBufferPointer { slots in
            var index = Self.home(account.rawValue, slots.count)
            while slots[index].account != 0 {
                if slots[index].account == account.rawValue { return slots[index] }
                index = (index + 1) & (slots.count - 1)
            }
            return nil
        }
    }

    private mutating func place(_ slot: Slot) {
        var index = Self.home(slot.account, slots.count)
        while slots[index].account != 0, slots[index].account != slot.account {
            index = (index + 1) & (slots.count - 1)
        }
        if slots[index].account == 0 { count += 1 }
        slots[index] = slot
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(), count: old.count * 2)
        count = 0
        for slot in old where slot.account != 0 { place(slot) }
    }

    private mutating func removeAll() {
        slots = [Slot](repeating: Slot(), count: 64)
        bytes = []
        count = 0
    }

    /// Fibonacci hashing: neighbouring ids, as ids are, spread over the whole table (Knuth 3, 6.4).
    @inline(__always)
    private static func home(_ account: UInt64, _ slots: Int) -> Int {
        Int(truncatingIfNeeded: (account &* 0x9E37_79B9_7F4A_7C15) >> (64 - UInt64(slots.trailingZeroBitCount)))
    }
}
