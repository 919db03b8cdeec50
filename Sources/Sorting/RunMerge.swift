/// Merges sorted runs into one order; among equal entries those of earlier runs come first.
///
/// It is a heap with one entry for each run. With k runs an entry costs some log2(k) comparisons.
struct RunMerge {
    private struct Front {
        var entry: SortEntry
        let run: Int

        @inline(__always)
        func isBefore(_ other: Front) -> Bool {
            if entry.first != other.entry.first { return entry.first < other.entry.first }
            if entry.second != other.entry.second { return entry.second < other.entry.second }
            return run < other.run
        }
    }

    private var runs: [SortedRun]
    private var heap: [Front] = []

    /// - Parameter runs: oldest first.
    init(_ runs: [SortedRun]) throws(SortingError) {
        self.runs = runs
        for run in runs.indices {
            guard let entry = try self.runs[run].next() else { continue }
            heap.append(Front(entry: entry, run: run))
            var child = heap.count - 1
            while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
                heap.swapAt(child, (child - 1) / 2)
                child = (child - 1) / 2
            }
        }
    }

    /// The next entry of all, or `nil` at the end.
    mutating func next() throws(SortingError) -> SortEntry? {
        guard let front = heap.first else { return nil }
        if let entry = try runs[front.run].next() {
            sink(Front(entry: entry, run: front.run))
        } else {
            let last = heap.removeLast()
            if !heap.isEmpty { sink(last) }
        }
        return front.entry
    }

    /// Replaces the first entry of the heap and lets the new one sink to its place.
    private mutating func sink(_ front: Front) {
        heap.withUnsafeMutableBufferPointer { heap in
            var place = 0
            while true {
                var child = 2 * place + 1
                guard child < heap.count else { break }
                if child + 1 < heap.count, heap[child + 1].isBefore(heap[child]) { child += 1 }
                guard heap[child].isBefore(front) else { break }
                heap[place] = heap[child]
                place = child
            }
            heap[place] = front
        }
    }
}
