/// A stable sort of entries in memory: by the least significant digit first, and only by bits in which entries differ.
///
/// Ids are small numbers in eight bytes, so most bits are the same everywhere and cost nothing. Because the sort is
/// stable, entries with equal keys keep the order in which they came, which is the order of the log.
enum RadixSort {
    /// Below this number an insertion sort is quicker than counting the buckets of a digit.
    static let small = 48
    /// From this number on, digits have up to 11 bits and not 8: a million positions are two digits then, and not three.
    private static let large = 4096

    /// Sorts `entries`, which must not be empty. `scratch` must have the same size.
    ///
    /// - Returns: whether the sorted entries lie in `scratch` now.
    static func sort(
        _ entries: UnsafeMutableBufferPointer<SortEntry>, _ scratch: UnsafeMutableBufferPointer<SortEntry>
    ) -> Bool {
        let survey = Survey(entries)
        if survey.isSorted { return false }
        let width = entries.count < large ? 8 : 11
        var source = entries
        var target = scratch
        // Most come in the order of `second` already, which is their position.
        if !survey.isSortedBySecond {
            for digit in digits(survey.second, width) {
                scatter(source, target, digit) { $0.second }
                swap(&source, &target)
            }
        }
        for digit in digits(survey.first, width) {
            scatter(source, target, digit) { $0.first }
            swap(&source, &target)
        }
        return source.baseAddress == scratch.baseAddress
    }

    private struct Digit {
        let shift: Int
        let width: Int
    }

    /// The digits of numbers that differ in some bits, the least significant one first.
    private static func digits(_ varying: UInt64, _ widest: Int) -> [Digit] {
        guard varying != 0 else { return [] }
        let (low, high) = (varying.trailingZeroBitCount, 64 - varying.leadingZeroBitCount)
        let count = (high - low + widest - 1) / widest
        let width = (high - low + count - 1) / count
        return stride(from: low, to: high, by: width).map { Digit(shift: $0, width: width) }
            .filter { varying >> UInt64($0.shift) & (1 << UInt64(width) - 1) != 0 }
    }

    /// What there is to sort.
    private struct Survey {
        private(set) var isSorted = true
        private(set) var isSortedBySecond = true
        /// The bits in which any of the entries differ.
        private(set) var first: UInt64 = 0
        private(set) var second: UInt64 = 0

        init(_ entries: UnsafeMutableBufferPointer<SortEntry>) {
            var previous = entries[0]
            for entry in entries {
                first |= entry.first ^ previous.first
                second |= entry.second ^ previous.second
                if entry.isBefore(previous) { isSorted = false }
                if entry.second < previous.second { isSortedBySecond = false }
                previous = entry
            }
        }
    }

    @inline(__always)
    private static func scatter(
        _ source: UnsafeMutableBufferPointer<SortEntry>, _ target: UnsafeMutableBufferPointer<SortEntry>,
        _ digit: Digit, _ number: (SortEntry) -> UInt64
    ) {
        let (shift, mask) = (UInt64(digit.shift), UInt64(1) << UInt64(digit.width) - 1)
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 1 << digit.width) { places in
            places.initialize(repeating: 0)
            for entry in source { places[Int(truncatingIfNeeded: number(entry) &>> shift & mask)] &+= 1 }
            var place = 0
            for index in places.indices {
                let count = places[index]
                places[index] = place
                place += count
            }
            for entry in source {
                let bucket = Int(truncatingIfNeeded: number(entry) &>> shift & mask)
                target[places[bucket]] = entry
                places[bucket] &+= 1
            }
        }
    }

    /// Sorts a few entries in their place.
    static func insertionSort(_ entries: UnsafeMutableBufferPointer<SortEntry>) {
        for index in entries.indices.dropFirst() {
            let entry = entries[index]
            var place = index
            while place > 0, entry.isBefore(entries[place - 1]) {
                entries[place] = entries[place - 1]
                place -= 1
            }
            entries[place] = entry
        }
    }
}
