/// Sorts any number of entries within a fixed amount of memory. What does not fit goes to a temporary file as a sorted
/// run, and the runs are merged at the end (external merge sort; Knuth, The Art of Computer Programming 3, 5.4).
///
/// The sort is stable: entries with equal keys come out in the order in which they were added. A few entries never
/// leave memory and cost little. So the same sorter serves a batch of one event and a log of a billion.
public final class EntrySorter {
    @usableFromInline var entries: UnsafeMutableBufferPointer<SortEntry>
    @usableFromInline var count = 0
    /// How many entries were added since the sorter was made.
    public var added: Int { written + count }
    /// How many entries were lent since the sorter was made.
    public private(set) var drained = 0
    private var written = 0
    private let limit: Int
    private let directory: String
    private var spill: SpillFile?
    private var runs: [Range<Int>] = []

    /// Makes an empty sorter.
    ///
    /// - Parameters:
    ///   - memory: the most bytes to use, including the memory for sorting. If needed, at least some 100 KB are used.
    ///   - directory: where temporary files go.
    public init(memory: Int, directory: String) {
        limit = max(memory / (2 * MemoryLayout<SortEntry>.stride), 2048)
        self.directory = directory
        entries = .init(start: nil, count: 0)
    }

    deinit { entries.deallocate() }

    /// Whether nothing was added since the last ``drain(_:)``.
    public var isEmpty: Bool { count == 0 && runs.isEmpty }

    /// Adds an entry.
    ///
    /// - Throws: ``SortingError`` when the temporary file cannot be written.
    @inlinable
    public func add(_ first: UInt64, _ second: UInt64, _ payload: UInt64) throws(SortingError) {
        if count == entries.count { try makeRoom() }
        entries.initializeElement(at: count, to: SortEntry(first, second, payload))
        count &+= 1
    }

    /// Lends all entries in order, and empties the sorter.
    ///
    /// - Throws: ``SortingError`` when a temporary file fails; what `body` throws. The sorter is empty then, too.
    public func drain(_ body: (SortEntry) throws -> Void) throws {
        defer { removeAll() }
        guard !runs.isEmpty else {
            return try withSorted { sorted in
                for entry in sorted {
                    try body(entry)
                    drained &+= 1
                }
            }
        }
        try writeRun()
        guard let spill else { return }
        let room = max(limit / runs.count, 512)
        let buffers = UnsafeMutableBufferPointer<SortEntry>.allocate(capacity: room * runs.count)
        defer { buffers.deallocate() }
        var merge = try RunMerge(
            runs.enumerated().map { index, range in
                SortedRun(spill, range, .init(rebasing: buffers[(index * room)..<((index + 1) * room)]))
            })
        while let entry = try merge.next() {
            try body(entry)
            drained &+= 1
        }
    }

    @usableFromInline
    func makeRoom() throws(SortingError) {
        if count >= limit { return try writeRun() }
        let capacity = min(max(entries.count * 2, 32), limit)
        let larger = UnsafeMutableBufferPointer<SortEntry>.allocate(capacity: capacity)
        _ = larger.moveInitialize(fromContentsOf: .init(rebasing: entries[..<count]))
        entries.deallocate()
        entries = larger
    }

    private func writeRun() throws(SortingError) {
        guard count > 0 else { return }
        let file: SpillFile
        if let spill { file = spill } else { file = try SpillFile(directory: directory) }
        spill = file
        let start = file.size
        try withSorted { sorted throws(SortingError) in try file.append(UnsafeRawBufferPointer(sorted)) }
        runs.append(start..<file.size)
        written += count
        count = 0
    }

    private func withSorted<Failure: Error>(
        _ body: (UnsafeMutableBufferPointer<SortEntry>) throws(Failure) -> Void
    ) throws(Failure) {
        let filled = UnsafeMutableBufferPointer(rebasing: entries[..<count])
        guard count >= RadixSort.small else {
            RadixSort.insertionSort(filled)
            return try body(filled)
        }
        let scratch = UnsafeMutableBufferPointer<SortEntry>.allocate(capacity: count)
        defer { scratch.deallocate() }
        try body(RadixSort.sort(filled, scratch) ? scratch : filled)
    }

    /// Keeps a little memory, for callers that sort many small groups.
    private func removeAll() {
        written += count
        count = 0
        runs = []
        spill = nil
        guard entries.count > 4096 else { return }
        entries.deallocate()
        entries = .init(start: nil, count: 0)
    }
}

/// What an ``EntrySorter`` sorts: two numbers that give the order, and a third number.
@frozen
public struct SortEntry: Equatable, Sendable {
    /// The first criterion of the order.
    public var first: UInt64
    /// The second criterion, for equal ``first``.
    public var second: UInt64
    /// Not part of the order.
    public var payload: UInt64

    /// Makes an entry.
    @inlinable
    public init(_ first: UInt64, _ second: UInt64, _ payload: UInt64) {
        self.first = first
        self.second = second
        self.payload = payload
    }

    /// Whether this entry comes before another. For equal entries it is false both ways.
    @inlinable
    public func isBefore(_ other: SortEntry) -> Bool {
        first != other.first ? first < other.first : second < other.second
    }
}
