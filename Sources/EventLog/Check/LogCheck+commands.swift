import Bytes
import Hashing
import LMDB

extension LogCheck {
    /// Goes through the commands that are remembered. All at once they are compared by a sum; only where that differs,
    /// one by one.
    func checkCommands(_ pages: borrowing LogPages) throws {
        guard var cursor = try pages.cursor("commands") else { return }
        let total = try pages.rows("commands")
        do {
            while let row = try cursor.next() {
                if try isOfEvent(row) { commandSums.rows.add(row.key, row.value, hash) }
                report.commands += 1
                if report.commands % Self.stride == 0 { tell(.commands, report.commands, of: total) }
            }
        } catch let error as LMDBError where error.isCorruption {
            return try add(.table("commands", problem: "\(error)"))
        }
        if report.commands != total {
            try add(.table("commands", problem: "it has \(report.commands) rows, and says that it has \(total)"))
        }
        if commandSums.events != commandSums.rows {
            try explainEvents(pages)
            try explainRows(pages)
        }
        tell(.commands, total, of: total)
    }

    private func isOfEvent(_ row: Cursor.Row) throws -> Bool {
        do {
            return try RememberedAnswer(row.key, row.value) == nil
        } catch {
            try add(.table("commands", problem: error.problem))
            return false
        }
    }

    /// Finds the events whose commands are not remembered as they were.
    private func explainEvents(_ pages: borrowing LogPages) throws {
        var position: Position = 0
        while position < pages.head.position {
            position += 1
            guard !isUnknown(position...position) else { continue }
            _ = try pages.lendRecords(after: position - 1, limit: 1, until: position) { record in
                guard let idempotency = record.idempotency else { return }
                let row = try idempotency.tableKey.withUnsafeBytes { try pages.value("commands", $0) }
                guard row?.elementsEqual(CommandRow.bytes(idempotency, position: record.position)) != true else {
                    return
                }
                let key = String(decoding: idempotency.key, as: UTF8.self)
                try add(.command(record.position, actor: idempotency.actor, key: key))
            }
        }
    }

    /// Finds the rows that name an event which did not come of their command.
    private func explainRows(_ pages: borrowing LogPages) throws {
        guard var cursor = try pages.cursor("commands") else { return }
        while let row = try cursor.next() {
            guard let position = try? CommandRow(key: row.key, row.value).position, position > 0,
                !isUnknown(position...position)
            else { continue }
            let isItsOwn = try pages.withRecord(at: position) { record in
                record.idempotency?.tableKey.elementsEqual(row.key) == true
            }
            guard isItsOwn != true else { continue }
            let key = String(decoding: row.key.dropFirst(8), as: UTF8.self)
            try add(.strayCommand(position, actor: row.key.bigEndianUInt64(at: 0), key: key))
        }
    }
}

/// A sum over the hashes of commands. If the sum over events equals the sum over rows, these are the same commands, in
/// any order.
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
