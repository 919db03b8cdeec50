import Hashing

/// A sum over the hashes of commands: those of events and those of rows are the same commands if the sums are equal, in
/// whatever order they come.
struct CommandSum: Equatable {
    private var high: UInt64 = 0
    private var low: UInt64 = 0

    /// Adds the row that the command of an event must have.
    mutating func add(_ record: RecordView, _ hash: KeyedHash) {
        let command = record.command
        let keyStart = 8 + Idempotency.fingerprintSize
        withUnsafeTemporaryAllocation(byteCount: command.count + 8, alignment: 8) { row in
            var end = 0
            func append(_ part: Slice<UnsafeRawBufferPointer>) {
                UnsafeMutableRawBufferPointer(rebasing: row[end...]).copyMemory(from: .init(rebasing: part))
                end += part.count
            }
            append(command[..<8])
            append(command[keyStart...])
            append(command[8..<keyStart])
            row.storeBigEndian(record.position, at: end)
            add(hash(UnsafeRawBufferPointer(row)))
        }
    }

    /// Adds a row of the `commands` table.
    mutating func add(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, _ hash: KeyedHash) {
        withUnsafeTemporaryAllocation(byteCount: key.count + value.count, alignment: 8) { row in
            row.copyMemory(from: key)
            UnsafeMutableRawBufferPointer(rebasing: row[key.count...]).copyMemory(from: value)
            add(hash(UnsafeRawBufferPointer(row)))
        }
    }

    private mutating func add(_ value: KeyedHash.Value) {
        let (sum, carry) = low.addingReportingOverflow(value.low)
        low = sum
        high = high &+ value.high &+ (carry ? 1 : 0)
    }
}
