import EventLog
import Glibc
import Sealing

// Appends to a log until it is killed, by the crash tests. What it was told goes to standard output, eight bytes a
// number.
//
// log-crash-writer DIRECTORY [MODE [FIRST]]
//
// Without a mode every event is the next of a stream of its own and of one that all share, and the position of each is
// written once it is acknowledged. With `hold` it reads instead: it begins, writes one position, and never ends.
//
// With `answers` the commands have keys, their numbers from 1 on, and one in three comes to an answer without an event.
// The number of each command that is acknowledged is written. It must be the first to write the log.
//
// In the other modes the commands have idempotency keys, the numbers from FIRST on, and each number is written with the
// position that its command was told. `tail` never brings the tables up to the journal, `apply` does so without a
// pause, and `reopen` closes the log after some commands and opens it again, over and over.

private let directory = CommandLine.arguments[1]
private let mode = CommandLine.arguments.dropFirst(2).first

private func open(_ configuration: WriteConfiguration = WriteConfiguration()) throws -> LMDBEventLog {
    try LMDBEventLog(
        directory: directory, mapSize: 1 << 28, configuration,
        keys: { identity, _ in Keyring.inMemory(identity: identity) })
}

private func report(_ numbers: [Position]) {
    let written = numbers.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    guard written == 8 * numbers.count else { exit(2) }
}

private func hold() throws {
    try LogReader(directory: directory).withSnapshot { snapshot in
        report([snapshot.head.position])
        while true { pause() }
    }
}

private func writePlainly() throws {
    let log = try open()
    let shared = StreamName("shared")
    @Sendable func submitNext() {
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
                    report([position])
                    submitNext()
                }))
    }
    for _ in 0..<16 { submitNext() }
    while true { pause() }
}

private func writeAnswers() throws {
    let log = try open()
    let shared = StreamName("shared")
    @Sendable func submit(command number: UInt64) {
        let key = Idempotency(
            actor: number % 3, key: Array("\(number)".utf8),
            fingerprint: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: Idempotency.fingerprintSize))
        log.submit(
            Proposal(
                idempotency: key,
                decide: { _ in
                    number % 3 == 0
                        ? .nothing(answer: Array("no \(number)".utf8))
                        : .append(NewEvent(streams: [(shared, nil)], type: 1, actor: 0, payload: []))
                },
                completion: { outcome in
                    guard case .success = outcome else { exit(1) }
                    report([number])
                    submit(command: number + 1)
                }))
    }
    submit(command: 1)
    while true { pause() }
}

/// Hands over the commands of some numbers, and reports what they are told.
private func submit(_ numbers: Range<Position>, to log: LMDBEventLog) {
    for number in numbers {
        log.submitWaiting(
            Proposal(
                idempotency: Idempotency(
                    actor: 1, key: Array("\(number)".utf8), fingerprint: [UInt8](repeating: 1, count: 16)),
                decide: { _ in
                    .append(
                        NewEvent(
                            streams: [(StreamName("stream/\(number % 100)"), nil)], type: 1, actor: 1,
                            payload: [UInt8](repeating: UInt8(number % 251), count: Int(number % 300))))
                },
                completion: { outcome in
                    switch outcome {
                    case .success(.appended(let position)), .success(.repeated(let position, _)):
                        report([number, position])
                    case .failure(.closed): break
                    default: exit(1)
                    }
                }))
    }
}

private func append(from first: Position, _ configuration: WriteConfiguration, closes: Bool) throws {
    var next = first
    while true {
        let log = try open(configuration)
        repeat {
            submit(next..<(next + 50), to: log)
            next += 50
        } while !closes
        log.close()
    }
}

var configuration = WriteConfiguration()
configuration.waitingLimit = 100
let first = CommandLine.arguments.dropFirst(3).first.flatMap { Position($0) } ?? 0
switch mode {
case nil: try writePlainly()
case "answers": try writeAnswers()
case "hold": try hold()
case "tail":
    configuration.applyInterval = 3_600_000
    configuration.applyEvents = .max
    configuration.applyBytes = .max
    configuration.unappliedEvents = .max
    configuration.unappliedBytes = .max
    try append(from: first, configuration, closes: false)
case "apply":
    configuration.applyInterval = 0
    try append(from: first, configuration, closes: false)
case "reopen": try append(from: first, configuration, closes: true)
default: exit(3)
}
