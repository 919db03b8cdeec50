import Application
import CommandLineOptions

extension Parameter where Value == Int {
    fileprivate static var from: Parameter {
        .option("from", .integer(in: 1...Int.max, "P"), default: "1", help: "the first position")
    }
    fileprivate static var until: Parameter {
        .option("until", .integer(in: 1...Int.max, "P"), help: "the last position; the newest by default")
    }
}

extension Subcommand {
    static var exportEvents: Subcommand {
        Subcommand(
            "export", summary: "write events as JSON Lines to standard output", parameters: .data, .from, .until
        ) { options in
            let log = try LogExport(DataDirectory(options.value(.data), create: false))
            let first = UInt64(try options.value(.from))
            let last = options.optionalValue(.until).map { UInt64($0) } ?? .max
            if first > 1, first > log.head {
                throw Failure("--from \(first) is beyond the log's newest position, \(log.head)")
            }
            if last < first { throw Failure("--until \(last) is before --from \(first)") }
            var output: [UInt8] = []
            // Also before an error: what could be read is worth having.
            defer { try? Console.result(output) }
            try log.lines(from: first, until: last) { line in
                output += line
                if output.count >= 1 << 16 {
                    try Console.result(output)
                    output.removeAll(keepingCapacity: true)
                }
            }
            try Console.result(output)
            output = []
        }
    }
}
