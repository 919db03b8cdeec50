import CAllocations
import HTTPServer

/// How often the process takes memory from the heap for one call, in a steady state.
struct AllocationCount {
    /// The fewest of all rounds: whatever else the process does now and then only adds to it.
    let perCall: Double

    private static let rounds = 5
    /// Turns of the loop at the beginning of a round that are not counted.
    private static let warmUp = 8
    private static let counted = 40

    /// Counts on a fresh server below a directory.
    init(_ kind: CallKind, in parent: String) async throws {
        perCall = try await CallServer.with(kind, in: parent) { server, workload throws(CallError) in
            var fewest = Double.infinity
            for round in 0..<Self.rounds {
                let first = round * (Self.warmUp + Self.counted)
                let groups = workload.requests(first..<(first + Self.warmUp + Self.counted))
                let calls = Double(Self.counted * groups[0].count)
                fewest = min(fewest, Double(try Self.count(groups, on: server.memory)) / calls)
            }
            return fewest
        }
    }

    private static func count(_ groups: [[[UInt8]]], on server: MemoryServer) throws(CallError) -> UInt64 {
        let before = allocations_count()
        try CallSequence.run(
            groups, on: server, warmUp: warmUp, began: { allocations_set_counting(1) },
            stopped: { allocations_set_counting(0) })
        return allocations_count() - before
    }
}
