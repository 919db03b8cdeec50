import EventLog
import Glibc

// Appends to a log without end and writes each position to standard output once it is acknowledged, eight bytes
// each. The crash tests kill it.
//
// Every event is the next of a stream of its own and of one that all share.
//
// With "hold" after the directory it reads instead: it begins, writes one position, and never ends.

if CommandLine.arguments.dropFirst(2).first == "hold" {
    try LogReader(directory: CommandLine.arguments[1]).withSnapshot { snapshot in
        _ = withUnsafeBytes(of: snapshot.head.position) { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        while true { pause() }
    }
}

let log = try LMDBEventLog(directory: CommandLine.arguments[1], mapSize: 1 << 28)
let shared = StreamName("shared")

func submitNext() {
    log.submit(
        Proposal(
            decide: { context in
                let position = context.nextPosition
                let size = Int(position % 50) * 40
                return .append(
                    NewEvent(
                        streams: [(StreamName("own/\(position)"), 0), (shared, position - 1)],
                        type: 1, actor: 0, payload: [UInt8](repeating: UInt8(position % 251), count: size)))
            },
            completion: { outcome in
                guard case .success(.appended(let position)) = outcome else { exit(1) }
                let written = withUnsafeBytes(of: position) { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
                guard written == 8 else { exit(2) }
                submitNext()
            }))
}

for _ in 0..<16 { submitNext() }
while true { pause() }
