internal import EventLog

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

    /// Adds a record: length (4), then its bytes. In front of the first stand its position (8) and the number of
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

    /// Adds a row: length of the key (2), length of the value (4), key, value. In front of the first stands, where there
    /// is one, the name of the table: its length (1), then the name.
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
            bytes.withUnsafeMutableBytes { $0.storeBytes(of: records.bigEndian, toByteOffset: 8, as: UInt32.self) }
        }
        try write(tag, bytes)
        bytes.removeAll(keepingCapacity: true)
        records = 0
    }

    private mutating func flushIfFull() throws {
        if bytes.count >= BackupTag.fullSize { try flush() }
    }
}
