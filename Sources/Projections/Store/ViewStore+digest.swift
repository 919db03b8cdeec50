internal import Bytes
internal import Hashing
internal import LMDB
internal import Microblog

/// The fingerprint of a read model at a position.
public struct ReadModelDigest: Equatable, Sendable {
    /// Which read model.
    public let model: ReadModel
    /// How many rows its tables hold.
    public let rows: Int
    /// BLAKE2b-256 (RFC 7693) over its tables in order: for each, its name, then every row in key order as length of
    /// the key (4, big-endian), length of the value (4), key, value.
    public let hash: [UInt8]

    /// The hash in hexadecimal.
    public var hex: String { hash.withUnsafeBytes { Hash256(bytes: $0)!.hex } }
}

extension ViewStore {
    /// The digests of all read models at one moment, and its position.
    ///
    /// A digest depends only on the rows, so it does not matter how the views were built. This reads all rows.
    public func digests() throws -> (position: UInt64, digests: [ReadModelDigest]) {
        try read { snapshot in
            let position = try snapshot.position()
            let digests = try ReadModel.allCases.map { model in
                var hasher = RowHasher()
                for table in tables.tables(of: model) {
                    hasher.add(Array(table.name.utf8))
                    try snapshot.pages.withCursor(table) { cursor in
                        while let row = try cursor.next() { hasher.add(row) }
                    }
                }
                let rows = hasher.rows
                return ReadModelDigest(model: model, rows: rows, hash: hasher.finish())
            }
            return (position, digests)
        }
    }
}

/// BLAKE2b over rows. Rows are gathered into blocks, because a call for each row would cost more than the hash.
private struct RowHasher: ~Copyable {
    private(set) var rows = 0
    private var hash = Blake2b(size: Hash256.byteCount)
    private var pending: [UInt8] = []

    mutating func add(_ bytes: [UInt8]) { pending += bytes }

    mutating func add(_ row: PageCursor.Row) {
        rows += 1
        pending.append(bigEndian: UInt32(row.key.count))
        pending.append(bigEndian: UInt32(row.value.count))
        pending.append(contentsOf: row.key)
        pending.append(contentsOf: row.value)
        if pending.count >= 1 << 16 { flush() }
    }

    consuming func finish() -> [UInt8] {
        flush()
        return hash.finish()
    }

    private mutating func flush() {
        hash.update(pending)
        pending.removeAll(keepingCapacity: true)
    }
}
