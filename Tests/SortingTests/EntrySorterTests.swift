import Glibc
import Sorting
import Testing

@Suite struct EntrySorterTests {
    private static let directory = "/tmp"

    /// A small generator, so that a failure can be repeated.
    private struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state ^ state >> 33) &* 0xFF51_AFD7_ED55_8CCD
        }
    }

    private func drained(_ sorter: EntrySorter) throws -> [SortEntry] {
        var result: [SortEntry] = []
        try sorter.drain { result.append($0) }
        return result
    }

    @Test(
        arguments: [(0, 10), (1, 10), (47, 5), (48, 5), (1000, 3), (5000, 1 << 60), (50_000, 100), (50_000, 1 << 40)])
    func `A sorter gives what a stable sort of the same entries gives, in memory and over many runs`(
        count: Int, keys: UInt64
    ) throws {
        var random = Random(state: UInt64(count) &+ keys)
        // The least memory that a sorter takes: 2,048 entries at a time.
        for memory in [0, 1 << 30] {
            let sorter = EntrySorter(memory: memory, directory: Self.directory)
            var expected: [SortEntry] = []
            for index in 0..<count {
                let entry = SortEntry(
                    .random(in: 0..<keys, using: &random), .random(in: 0..<3, using: &random), UInt64(index))
                expected.append(entry)
                try sorter.add(entry.first, entry.second, entry.payload)
            }
            #expect(sorter.isEmpty == (count == 0))
            expected.sort { $0.isBefore($1) || (!$1.isBefore($0) && $0.payload < $1.payload) }
            #expect(try drained(sorter) == expected)
            #expect(sorter.isEmpty)
        }
    }

    /// As events come: in the order of their positions, which are the second criterion.
    @Test(arguments: [40, 1000, 50_000]) func `Entries in the order of the second number are sorted by the first`(
        count: Int
    ) throws {
        var random = Random(state: UInt64(count))
        let sorter = EntrySorter(memory: 1 << 30, directory: Self.directory)
        var expected: [SortEntry] = []
        for index in 0..<UInt64(count) {
            let entry = SortEntry(.random(in: 5000..<(1 << 20), using: &random), index / 2, index)
            expected.append(entry)
            try sorter.add(entry.first, entry.second, entry.payload)
        }
        expected.sort { $0.isBefore($1) || (!$1.isBefore($0) && $0.payload < $1.payload) }
        #expect(try drained(sorter) == expected)
    }

    @Test func `A sorter can be filled again after it was drained`() throws {
        let sorter = EntrySorter(memory: 0, directory: Self.directory)
        for round in 0..<3 {
            for index in (0..<UInt64(3000 * (round + 1))).reversed() { try sorter.add(index, 0, index) }
            #expect(try drained(sorter).map(\.first) == Array(0..<UInt64(3000 * (round + 1))))
        }
    }

    @Test func `A sorter is empty after its reader gave up`() throws {
        struct Enough: Error {}
        let sorter = EntrySorter(memory: 0, directory: Self.directory)
        for index in 0..<UInt64(10_000) { try sorter.add(index % 7, 0, index) }
        #expect(throws: Enough.self) { try sorter.drain { _ in throw Enough() } }
        #expect(sorter.isEmpty)
        #expect(try drained(sorter).isEmpty)
    }

    @Test func `A sorter leaves no file behind, and names a directory that takes none`() throws {
        let directory = "/tmp/martlet-sorting-\(getpid())"
        mkdir(directory, 0o700)
        let sorter = EntrySorter(memory: 0, directory: directory)
        for index in 0..<UInt64(10_000) { try sorter.add(index, 0, 0) }
        #expect(rmdir(directory) == 0, "a nameless file does not keep its directory from going")
        let other = EntrySorter(memory: 0, directory: directory)
        #expect {
            for index in 0..<UInt64(10_000) { try other.add(index, 0, 0) }
        } throws: {
            "\($0)".contains(directory)
        }
    }
}
