import Application
import CommandLineOptions
import Glibc

extension Parameter where Value == Int {
    fileprivate static var from: Parameter {
        .option(
            "from", .integer(in: 1...Int.max, "P"), help: "the first position; by default that of the last 10 events")
    }
}

extension Parameter where Value == Bool {
    fileprivate static var follow: Parameter {
        .flag("follow", help: "go on with new events as they come, until SIGINT, SIGTERM, or a closed pipe")
    }
}

extension Subcommand {
    static var tail: Subcommand {
        Subcommand(
            "tail", summary: "write the newest events as JSON Lines, and those to come",
            discussion: """
                Also while a server runs. Every event comes once and in order. To go on where an earlier run ended, give
                the position after the last one that it wrote.
                """,
            parameters: .data, .masterKey, .from, .follow
        ) { options in
            let follows = try options.value(.follow)
            let signals = follows ? try SignalWait([SIGINT, SIGTERM]) : nil
            let events = try EventReader(
                dataDirectory: options.value(.data), masterKey: options.optionalValue(.masterKey))
            let newest = try events.newest
            let first = options.optionalValue(.from).map { UInt64($0) } ?? (newest > 10 ? newest - 9 : 1)
            // A reader that has seen everything names the next position.
            guard first <= newest || (first == newest + 1 && (follows || first == 1)) else {
                throw Failure(
                    "--from \(first) is beyond the log's newest position, \(newest)"
                        + (first == newest + 1 ? "; add --follow to wait for it" : ""))
            }
            try ResultLines.write(endedBy: signals) { output in
                var written = first - 1
                while true {
                    let newest = try events.newest
                    if newest > written {
                        try events.lines(from: written + 1, until: newest) { try output.add($0) }
                        written = newest
                    }
                    guard let signals else { return }
                    try output.flush()
                    try signals.pause(milliseconds: 50, whileReading: STDOUT_FILENO)
                }
            }
        }
    }
}
