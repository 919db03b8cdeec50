internal import Bytes
internal import EventLog

/// The contents of parts, read back.
extension UnsafeRawBufferPointer {
    /// Lends the records of a part. The checksum of each is right.
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

/// Gathers rows or records into parts of a backup file, and hands each over when it is full.
struct BackupPart {
    private let tag: BackupTag
    private let write: (BackupTag, [UInt8]) throws -> Void
    private var bytes: [UInt8] = []
    private var records: UInt32 = 0

    init(_ tag: BackupTag, _ write: @escaping (BackupTag, [UInt8]) throws -> Void) {
        self.tag = tag
        self.write = write
    }

    /// Adds a record: length (4), then its bytes. Before the first record come its position (8) and the number of
    /// records (4).
    mutating func add(_ record: RecordView) throws {
        if bytes.isEmpty {
            bytes.append(bigEndian: record.position)
            bytes.append(bigEndian: UInt32(0))
        }
        bytes.append(bigEndian: UInt32(record.bytes.count))
        bytes.append(contentsOf: record.bytes)
        records += 1
        try flushIfFull()
    }

    /// Adds a row: length of the key (2), length of the value (4), key, value. If there is a table, its name comes
    /// before the first row: its length (1), then the name.
    mutating func add(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, of table: String? = nil) throws {
        if bytes.isEmpty, let table {
            bytes.append(UInt8(table.utf8.count))
            bytes += table.utf8
        }
        bytes.append(bigEndian: UInt16(key.count))
        bytes.append(bigEndian: UInt32(value.count))
        bytes.append(contentsOf: key)
        bytes.append(contentsOf: value)
        try flushIfFull()
    }

    /// Hands over what is left.
    mutating func flush() throws {
        guard !bytes.isEmpty else { return }
        if records > 0 {
            bytes.storeBigEndian(records, at: 8)
        }
        try write(tag, bytes)
        bytes.removeAll(keepingCapacity: true)
        records = 0
    }

    private mutating func flushIfFull() throws {
        if bytes.count >= BackupTag.fullSize { try flush() }
    }
}

/// Reads the contents of a part of a backup file, never beyond their end.
struct BackupBytes {
    private var reader: ByteReader

    init(_ bytes: UnsafeRawBufferPointer) { reader = ByteReader(bytes) }

    var isAtEnd: Bool { reader.rest.isEmpty }

    mutating func integer<Number: FixedWidthInteger>() throws(BackupContentError) -> Number {
        guard let number = reader.next(Number.self) else { throw tooFew(MemoryLayout<Number>.size) }
        return number
    }

    mutating func bytes(_ count: Int) throws(BackupContentError) -> UnsafeRawBufferPointer {
        guard let bytes = reader.next(count: count) else { throw tooFew(count) }
        return bytes
    }

    private func tooFew(_ count: Int) -> BackupContentError {
        BackupContentError("\(count) bytes are expected where \(reader.rest.count) are left")
    }

    /// - Throws: when bytes are left.
    func end() throws(BackupContentError) {
        guard isAtEnd else { throw BackupContentError("\(reader.rest.count) bytes are left over") }
    }
}

/// The contents of a part of a backup file match its hash, but they are wrong. The program that wrote it had an error,
/// or something else wrote it.
struct BackupContentError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
