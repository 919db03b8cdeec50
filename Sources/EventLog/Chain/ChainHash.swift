internal import Bytes
internal import Hashing
public import Journal

/// The value of a log's hash chain at a position: it stands for the log's identity and for every byte of every record up
/// to there, in order.
///
///     h(0) = BLAKE2b-256("martlet-log", identity)
///     h(n) = BLAKE2b-256(h(n - 1), record n with its checksum)
///
/// A CRC finds accidents; a chain that is compared with a value from elsewhere also finds a record that was changed,
/// removed or put in another place by somebody who made the checksums good.
public typealias ChainHash = ChainValue

extension ChainValue {
    /// Besides the newest value, the values at multiples of this number are stored. So damage can be narrowed down to
    /// this many events.
    public static let milestone: Position = 65_536

    /// The value before the first event.
    public init(identity: [UInt8]) {
        let first = Blake2b.hash(Array("martlet-log".utf8) + identity, size: Self.byteCount)
        self = first.withUnsafeBytes { ChainValue($0)! }
    }

    /// The stored value of a position's row.
    ///
    /// - Throws: ``LogCorruption`` when it is missing or has another size.
    init(stored bytes: UnsafeRawBufferPointer?, at position: Position) throws(LogCorruption) {
        guard let bytes else {
            throw LogCorruption(
                position: position, problem: "the hash chain has no value for the newest event; restore a backup")
        }
        guard let hash = ChainHash(bytes) else {
            throw LogCorruption(
                position: position, problem: "the hash chain's value has \(bytes.count) bytes; restore a backup")
        }
        self = hash
    }

    /// A value as people write it; `nil` unless it is 64 hexadecimal digits.
    public init?(hex: some StringProtocol) {
        guard hex.utf8.count == 2 * Self.byteCount, let bytes = Hexadecimal.bytes(hex.lowercased().utf8) else {
            return nil
        }
        self = bytes.withUnsafeBytes { ChainValue($0)! }
    }
}

/// A position, and the value of the hash chain there.
public struct ChainHead: Hashable, Sendable {
    /// Where.
    public var position: Position
    /// The value.
    public var hash: ChainHash

    /// A value at a position.
    public init(position: Position, hash: ChainHash) {
        self.position = position
        self.hash = hash
    }

    /// The row of the `meta` table that says what the chain was before the records were written anew.
    static let beforeName = "chain before"

    /// The value of that row: position (8), value (32).
    var beforeBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: position)
        hash.withBytes { bytes.append(contentsOf: $0) }
        return bytes
    }

    /// Whether the value at this position is stored for good.
    var isMilestone: Bool { position % ChainHash.milestone == 0 }

    /// Takes in the record at the next position.
    public mutating func append(_ record: RecordView) {
        hash.append(record.bytes)
        position = record.position
    }
}
