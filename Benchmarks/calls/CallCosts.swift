import CAllocations
import Glibc

/// What calls cost, in figures that are the same in every run.
@main
struct CallCosts {
    private static let usage = """
        usage: call-costs [--directory DIR] count [CALL ...]
               call-costs [--directory DIR] check
               call-costs [--directory DIR] run CALL COUNT
               call-costs [--directory DIR] trace CALL COUNT

        CALL is one of \(CallKind.allCases.map(\.rawValue).joined(separator: ", ")).
        Commands come \(Workload.batch) at once and are one batch; there are \(Workload.turns * Workload.batch) of a kind at most.
        Each CALL has a fresh server, without a socket, in a directory of its own below DIR (/tmp).

        count   prints how often the process takes memory from the heap for each call
        check   compares that with Benchmarks/calls/AllocationLimits.swift; exits with 1 if a limit does not hold
        run     does the calls and counts nothing, for tools that count instructions
        trace   prints where memory is taken, as stacks of addresses for Benchmarks/calls/call-sites

        Instructions per call: the difference of two runs, which prepare the same, divided by that of their counts (4800 here).
        valgrind 3.19 cannot read the debug information of Swift, so it gets a copy without.

            strip --strip-debug -o /tmp/call-costs .build/release/call-costs
            valgrind --tool=callgrind --callgrind-out-file=/dev/null /tmp/call-costs run post 480     # "Collected : N"
            valgrind --tool=callgrind --callgrind-out-file=/dev/null /tmp/call-costs run post 5280

        Where memory is taken:

            .build/release/call-costs trace post 960 | Benchmarks/calls/call-sites 960
        """

    static func main() async {
        var arguments = Array(CommandLine.arguments.dropFirst())
        var parent = "/tmp"
        if arguments.count > 1, arguments[0] == "--directory" {
            parent = arguments[1]
            arguments.removeFirst(2)
        }
        do {
            try await run(arguments, in: parent)
        } catch {
            fail("call-costs: \(error)")
        }
    }

    private static func run(_ arguments: [String], in parent: String) async throws {
        let kinds = arguments.dropFirst().prefix { CallKind(rawValue: $0) != nil }.compactMap(CallKind.init)
        let count = arguments.count == 3 ? Int(arguments[2]).flatMap { $0 > 0 ? $0 : nil } : nil
        switch (arguments.first, kinds.first, count) {
        case ("count", _, nil) where kinds.count == arguments.count - 1:
            for kind in kinds.isEmpty ? CallKind.allCases : kinds {
                print(row(kind, try await AllocationCount(kind, in: parent).perCall))
            }
        case ("check", _, nil) where arguments.count == 1: try await check(in: parent)
        case ("run", let kind?, let count?):
            try await CallServer.with(kind, in: parent) { server, workload throws(CallError) in
                try CallSequence.run(workload.requests(count: count), on: server.memory)
            }
        case ("trace", let kind?, let count?): try await trace(kind, count, in: parent)
        default: fail(usage)
        }
    }

    private static func check(in parent: String) async throws {
        var failed = 0
        for kind in CallKind.allCases {
            let (count, limit) = (try await AllocationCount(kind, in: parent).perCall, AllocationLimits.limit(of: kind))
            switch Verdict(count, limit: limit) {
            case .kept: print(row(kind, count), "of", limit)
            case .exceeded:
                failed += 1
                print(row(kind, count), "is above its limit of \(limit): `call-costs trace` tells where it comes from")
            case .tooLoose:
                failed += 1
                print(row(kind, count), "is far below its limit of \(limit): lower it in AllocationLimits.swift")
            }
        }
        print("\(CallKind.allCases.count - failed) passed, \(failed) failed")
        if failed > 0 { exit(1) }
    }

    /// Stacks of the last `count` calls, after some that warm up.
    private static func trace(_ kind: CallKind, _ count: Int, in parent: String) async throws {
        try await CallServer.with(kind, in: parent) { server, workload throws(CallError) in
            let warmUp = kind.isCommand ? 10 : 100
            let all = count + warmUp * (kind.isCommand ? Workload.batch : 1)
            try CallSequence.run(
                workload.requests(count: all), on: server.memory, warmUp: warmUp,
                began: {
                    allocations_set_tracing(1)
                    allocations_set_counting(1)
                }, stopped: { allocations_set_counting(0) })
            allocations_print_stacks()
        }
    }

    private static func row(_ kind: CallKind, _ count: Double) -> String {
        let hundredths = Int((count * 100).rounded())
        let digits = "\(hundredths / 100).\(hundredths % 100 / 10)\(hundredths % 10)"
        let name = kind.rawValue + String(repeating: " ", count: max(0, 8 - kind.rawValue.count))
        return name + String(repeating: " ", count: max(0, 8 - digits.count)) + digits
    }

    /// Ends the program with a message. `stderr` is a variable of C, which Swift 6 does not let many threads share.
    private static func fail(_ message: String) -> Never {
        let line = message + "\n"
        _ = line.utf8.withContiguousStorageIfAvailable { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        exit(1)
    }
}
