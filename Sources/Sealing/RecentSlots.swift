/// Slots that were read from the file a moment ago, as they lie there: sealed.
///
/// Who builds read models anew asks for the keys of accounts in the order in which they were registered, and that is
/// the order of their slots. So one read of a page serves some thirty keys.
struct RecentSlots {
    /// How many times something was forgotten. What was read before must not be kept afterwards: see ``keep(_:_:)``.
    private(set) var erasures: UInt64 = 0
    private var places = [SlotBytes?](repeating: nil, count: Self.placeCount)

    /// 64 pages of 4 KB.
    private static let placeCount = 64

    /// The slots with these numbers, if they were kept as one.
    subscript(numbers: Range<UInt64>) -> SlotBytes? {
        guard let kept = places[Self.place(numbers)], kept.numbers == numbers else { return nil }
        return kept
    }

    /// Keeps slots that were read.
    ///
    /// - Parameter erasures: how many there had been before they were read.
    mutating func keep(_ slots: SlotBytes, _ erasures: UInt64) {
        guard erasures == self.erasures else { return }
        places[Self.place(slots.numbers)] = slots
    }

    /// Forgets all slots, because one was written over.
    mutating func forget() {
        erasures += 1
        places = [SlotBytes?](repeating: nil, count: Self.placeCount)
    }

    private static func place(_ numbers: Range<UInt64>) -> Int {
        Int(numbers.lowerBound / SlotIndex.pageSlots % UInt64(placeCount))
    }
}
