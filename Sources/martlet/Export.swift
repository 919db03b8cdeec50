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
            "export", summary: "write events as JSON Lines to standard output",
            discussion: "Also while a server runs; then up to the position that is the newest at the start.",
            parameters: .data, .masterKey, .from, .until
        ) { options in
            let events = try EventReader(
                dataDirectory: options.value(.data), masterKey: options.optionalValue(.masterKey))
            let first = UInt64(try options.value(.from))
            let last = options.optionalValue(.until).map { UInt64($0) } ?? .max
            let newest = try events.newest
            if first > 1, first > newest {
                throw Failure("--from \(first) is beyond the log's newest position, \(newest)")
            }
            if last < first { throw Failure("--until \(last) is before --from \(first)") }
            try ResultLines.write { output in
                try events.lines(from: first, until: last) { try output.add($0) }
            }
        }
    }
}
