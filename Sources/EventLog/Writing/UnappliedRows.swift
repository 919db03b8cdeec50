internal import Glibc
internal import Journal

/// The rows that the tables do not have yet: the heads of streams, and what is remembered about commands.
///
/// There are two generations, so that nothing is ever taken out one by one: what the older one holds is let go as a
/// whole, once the tables have all of it; then the younger one becomes the older one.
struct UnappliedRows {
    private struct Generation {
        var heads = StreamHeads()
        var commands: [CommandKey: [UInt8]] = [:]
    }

    /// The key of a row of the `commands` table.
    private struct CommandKey: Hashable {
        let bytes: [UInt8]

        func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }

        // The keys of an import begin alike.
        static func == (left: CommandKey, right: CommandKey) -> Bool {
            left.bytes.count == right.bytes.count && memcmp(left.bytes, right.bytes, left.bytes.count) == 0
        }
    }

    private var younger = Generation()
    private var older = Generation()
    /// How many frames there were when the younger generation began.
    private var olderEnd = 0

    /// No rows.
    init() {}

    /// A stream's newest event, if the tables may not have it.
    func head(of stream: StreamName) -> StreamHead? {
        stream.bytes.withUnsafeBytes { younger.heads.head(of: $0) ?? older.heads.head(of: $0) }
    }

    /// What is remembered about a command, if the tables may not have it.
    func command(_ key: [UInt8]) -> [UInt8]? {
        younger.commands[CommandKey(bytes: key)] ?? older.commands[CommandKey(bytes: key)]
    }

    mutating func set(_ head: StreamHead, of stream: StreamName) {
        stream.bytes.withUnsafeBytes { younger.heads.set(head, of: $0) }
    }

    mutating func set(command key: [UInt8], _ row: [UInt8]) { younger.commands[CommandKey(bytes: key)] = row }

    /// Takes in the rows of a frame.
    mutating func add(_ frame: Frame) throws {
        for index in 0..<frame.recordCount {
            let position = frame.firstPosition + UInt64(index)
            let record = try frame.withRecord(index) { bytes in
                let record = try RecordView(position: position, bytes)
                record.withStreams { name, version in
                    younger.heads.set(
                        StreamHead(version: version, position: position, type: record.type), of: name)
                }
                return record.idempotency
            }
            if let record { set(command: record.tableKey, CommandRow.bytes(record, position: position)) }
        }
        frame.withAnswers { key, value in set(command: Array(key), Array(value)) }
    }

    /// Says that the tables have the rows of the first `applied` of so many frames.
    mutating func forget(_ applied: Int, of frames: Int) {
        guard applied >= olderEnd else { return }
        // The tables of the snapshot that is read next have all of it.
        older = younger
        younger = Generation()
        olderEnd = frames
    }
}
