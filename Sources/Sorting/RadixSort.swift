/// A stable sort of entries in memory: by the least significant byte first, and only by bytes in which entries differ.
///
/// Ids are small numbers in eight bytes, so most bytes are the same everywhere and cost nothing. Because the sort is
/// stable, entries with equal keys keep the order in which they came, which is the order of the log.
enum RadixSort {
    /// Below this number an insertion sort is quicker than counting 256 buckets.
    static let small = 48

    /// Sorts `entries`, which must not be empty. `scratch` must have the same size.
    ///
    /// - Returns: whether the sorted entries lie in `scratch` now.
    static func sort(
        _ entries: UnsafeMutableBufferPointer<SortEntry>, _ scratch: UnsafeMutableBufferPointer<SortEntry>
    ) -> Bool {
        let (isSorted, varying) = survey(entries)
        if isSorted { return false }
        var source = entries
        var target = scratch
        var isInScratch = false
        for shift in stride(from: UInt64(0), to: 64, by: 8) where varying.second >> shift & 0xFF != 0 {
            scatter(source, target) { $0.second >> shift }
            swap(&source, &target)
            isInScratch.toggle()
        }
        for shift in stride(from: UInt64(0), to: 64, by: 8) where varying.first >> shift & 0xFF != 0 {
            scatter(source, target) { $0.first >> shift }
            swap(&source, &target)
            isInScratch.toggle()
        }
        return isInScratch
    }

    /// Whether the entries are already in order, and the bits in which any of them differ.
    private static func survey(
        _ entries: UnsafeMutableBufferPointer<SortEntry>
    ) -> (isSorted: Bool, varying: (first: UInt64, second: UInt64)) {
        var isSorted = true
        var varying = (first: UInt64(0), second: UInt64(0))
        var previous = entries[0]
        for entry in entries {
            varying.first |= entry.first ^ previous.first
            varying.second |= entry.second ^ previous.second
            if entry.isBefore(previous) { isSorted = false }
            previous = entry
        }
        return (isSorted, varying)
    }

    @inline(__always)
    private static func scatter(
        _ source: UnsafeMutableBufferPointer<SortEntry>, _ target: UnsafeMutableBufferPointer<SortEntry>,
        _ digit: (SortEntry) -> UInt64
    ) {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { places in
            places.initialize(repeating: 0)
            for entry in source { places[Int(truncatingIfNeeded: digit(entry) & 0xFF)] &+= 1 }
            var place = 0
            for index in 0..<256 {
                let count = places[index]
                places[index] = place
                place += count
            }
            for entry in source {
                let bucket = Int(truncatingIfNeeded: digit(entry) & 0xFF)
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
