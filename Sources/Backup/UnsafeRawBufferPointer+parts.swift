internal import EventLog

/// What ``BackupPart`` wrote.
extension UnsafeRawBufferPointer {
    /// Lends the records of a part, each with its checksum good.
    func eachRecord(after position: UInt64, _ body: (RecordView) throws -> Void) throws {
        var reader = BackupBytes(self)
        let first: UInt64 = try reader.integer()
        let count: UInt32 = try reader.integer()
        guard first == position + 1, count > 0 else {
            throw BackupContentError("\(count) records from position \(first) come where \(position + 1) is expected")
        }
        for number in 0..<UInt64(count) {
            let length: UInt32 = try reader.integer()
            try body(RecordView(position: first + number, reader.bytes(Int(length))))
        }
        try reader.end()
    }

    /// Lends the answers of a part.
    func eachAnswer(_ body: (RememberedAnswer) throws -> Void) throws {
        var reader = BackupBytes(self)
        while !reader.isAtEnd {
            let (key, value) = try reader.row()
            guard let answer = try RememberedAnswer(key, value) else {
                throw BackupContentError("an answer names an event")
            }
            try body(answer)
        }
    }

    /// Lends the rows of a part.
    ///
    /// - Returns: the name of their table.
    @discardableResult
    func eachRow(_ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws -> Void) throws -> String {
        var reader = BackupBytes(self)
        let length: UInt8 = try reader.integer()
        let table = String(decoding: try reader.bytes(Int(length)), as: UTF8.self)
        while !reader.isAtEnd {
            let (key, value) = try reader.row()
            try body(key, value)
        }
        return table
    }
}

extension BackupBytes {
    fileprivate mutating func row() throws(BackupContentError) -> (
        key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer
    ) {
        let keySize: UInt16 = try integer()
        let valueSize: UInt32 = try integer()
        return (try bytes(Int(keySize)), try bytes(Int(valueSize)))
    }
}
