internal import Glibc
public import LMDB

/// What a batch changes in one table: rows to set and keys to remove. If one key has several changes, the last one
/// counts.
///
/// Keys and values lie in one block of memory and are sorted by small entries of fixed size, because a rebuild makes
/// millions of them.
public struct RowChanges: Sendable {
    /// The table that is to be changed.
    public let table: Table
    private var bytes: [UInt8] = []
    private var entries: [Entry] = []
    /// Whether the changes were made in key order, as most are. Then nothing has to be sorted.
    private(set) var isSorted = true

    private struct Entry {
        var leading: (UInt64, UInt64)
        var start: Int
        var keyCount: Int32
        var valueCount: Int32

        var keyEnd: Int { start + Int(keyCount) }
    }

    private static let removal: Int32 = -1

    init(_ table: Table) { self.table = table }

    /// Makes room for as many changes as another table's have.
    init(like other: RowChanges) {
        table = other.table
        bytes.reserveCapacity(other.bytes.count)
        entries.reserveCapacity(other.entries.count)
    }

    /// Whether nothing changes.
    public var isEmpty: Bool { entries.isEmpty }

    /// How many rows change.
    var count: Int { entries.count }

    /// How much memory the changes take, in bytes.
    var byteCount: Int { bytes.count + entries.count * MemoryLayout<Entry>.stride }

    /// Sets a row; `write` appends the value.
    mutating func set(_ key: RowKey, _ write: (inout [UInt8]) throws -> Void) rethrows {
        let start = bytes.count
        key.withBytes { bytes.append(contentsOf: $0) }
        try write(&bytes)
        add(key, start, valueCount: Int32(bytes.count - start - key.count))
    }

    /// Sets a row whose value is one number.
    mutating func set(_ key: RowKey, _ number: UInt64) {
        let start = bytes.count
        key.withBytes(followedBy: number) { bytes.append(contentsOf: $0) }
        add(key, start, valueCount: Int32(MemoryLayout<UInt64>.size))
    }

    /// Sets a row that has only a key.
    mutating func set(_ key: RowKey) { set(key) { _ in } }

    /// Removes a row, if it is there.
    mutating func remove(_ key: RowKey) {
        let start = bytes.count
        key.withBytes { bytes.append(contentsOf: $0) }
        add(key, start, valueCount: Self.removal)
    }

    private mutating func add(_ key: RowKey, _ start: Int, valueCount: Int32) {
        let entry = Entry(
            leading: key.leading, start: start, keyCount: Int32(key.count), valueCount: valueCount)
        if isSorted, let last = entries.last {
            isSorted = bytes.withUnsafeBytes { Self.isBefore(last, entry, $0) }
        }
        entries.append(entry)
    }

    /// Puts the changes in key order.
    mutating func sort() {
        guard !isSorted else { return }
        bytes.withUnsafeBytes { bytes in entries.sort { Self.isBefore($0, $1, bytes) } }
        isSorted = true
    }

    /// Writes the changes in key order. Neighbours share pages, and rows beyond the table's end are appended.
    func apply(in transaction: borrowing WriteTransaction) throws {
        guard !entries.isEmpty else { return }
        if isSorted { return try write(in: transaction) }
        var sorted = self
        sorted.sort()
        try sorted.write(in: transaction)
    }

    private func write(in transaction: borrowing WriteTransaction) throws {
        try bytes.withUnsafeBytes { bytes in
            try transaction.withCursor(table) { cursor in
                let tableEnd = try cursor.last().map { Array($0.key) }
                var appends = tableEnd == nil
                for index in entries.indices {
                    let entry = entries[index]
                    if index + 1 < entries.count, Self.compare(entry, entries[index + 1], bytes) == 0 { continue }
                    let key = UnsafeRawBufferPointer(rebasing: bytes[entry.start..<entry.keyEnd])
                    if entry.valueCount == Self.removal {
                        try cursor.delete(key)
                        continue
                    }
                    if !appends, let tableEnd {
                        appends = tableEnd.withUnsafeBytes { Self.compare(key, $0) } > 0
                    }
                    let value = UnsafeRawBufferPointer(
                        rebasing: bytes[entry.keyEnd..<(entry.keyEnd + Int(entry.valueCount))])
                    try cursor.put(key, value, appends ? .append : .upsert)
                }
            }
        }
    }

    /// Orders by key, then by when the change was made.
    @inline(__always)
    private static func isBefore(_ left: Entry, _ right: Entry, _ bytes: UnsafeRawBufferPointer) -> Bool {
        let order = compare(left, right, bytes)
        return order != 0 ? order < 0 : left.start < right.start
    }

    @inline(__always)
    private static func compare(_ left: Entry, _ right: Entry, _ bytes: UnsafeRawBufferPointer) -> Int32 {
        if left.leading.0 != right.leading.0 { return left.leading.0 < right.leading.0 ? -1 : 1 }
        if left.leading.1 != right.leading.1 { return left.leading.1 < right.leading.1 ? -1 : 1 }
        return compare(
            UnsafeRawBufferPointer(rebasing: bytes[left.start..<left.keyEnd]),
            UnsafeRawBufferPointer(rebasing: bytes[right.start..<right.keyEnd]))
    }

    @inline(__always)
    private static func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int32 {
        let order = memcmp(left.baseAddress!, right.baseAddress!, min(left.count, right.count))
        return order != 0 ? order : Int32(left.count - right.count)
    }
}
