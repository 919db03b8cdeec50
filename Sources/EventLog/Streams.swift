internal import Bytes
internal import Glibc

/// The newest event of a stream. This is enough to decide most commands without reading the event itself.
///
/// Stored in 24 bytes, big-endian: version (8), position (8), event type (1), zeros (7).
public struct StreamHead: Equatable, Sendable {
    /// How many events the stream has.
    public let version: Version
    /// The position of the newest event in the log.
    public let position: Position
    /// The type code of the newest event.
    public let type: UInt8

    static let byteCount = 24

    /// Describes a stream's newest event.
    public init(version: Version, position: Position, type: UInt8) {
        self.version = version
        self.position = position
        self.type = type
    }

    /// Takes a row of the `streams` table.
    ///
    /// - Throws: ``LogCorruption`` when it has another size.
    init(_ bytes: UnsafeRawBufferPointer, of stream: @autoclosure () -> StreamName) throws(LogCorruption) {
        guard bytes.count == Self.byteCount else {
            throw LogCorruption(position: 0, problem: "the head of stream \(stream()) has \(bytes.count) bytes")
        }
        version = bytes.bigEndianUInt64(at: 0)
        position = bytes.bigEndianUInt64(at: 8)
        type = bytes[16]
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withUnsafeTemporaryAllocation(byteCount: Self.byteCount, alignment: 8) { bytes in
            bytes.storeBigEndian(version, at: 0)
            bytes.storeBigEndian(position, at: 8)
            bytes.storeBigEndian(UInt64(type) << 56, at: 16)
            return try body(UnsafeRawBufferPointer(bytes))
        }
    }
}

/// The name of what must be consistent together, such as `post/812`: 1 to 400 bytes of UTF-8.
public struct StreamName: Hashable, Sendable, CustomStringConvertible {
    /// The longest name: LMDB's keys end at 511 bytes, and short names keep the table of heads small.
    public static let longest = 400

    /// The name in UTF-8.
    public let bytes: [UInt8]

    /// Takes a name. The caller makes sure that it is not longer than ``longest``.
    public init(_ bytes: [UInt8]) {
        precondition(!bytes.isEmpty && bytes.count <= Self.longest, "a stream name has 1 to \(Self.longest) bytes")
        self.bytes = bytes
    }

    /// Takes a name as text.
    public init(_ text: String) { self.init(Array(text.utf8)) }

    /// All bytes at once: an array would take them one by one, and opening a log behind a long tail would wait for it.
    public func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }

    /// The name as text.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}

extension StreamName: Comparable {
    /// In the order of the table.
    public static func < (left: StreamName, right: StreamName) -> Bool {
        let order = memcmp(left.bytes, right.bytes, min(left.bytes.count, right.bytes.count))
        return order == 0 ? left.bytes.count < right.bytes.count : order < 0
    }
}

/// An event's place in the log: gapless from 1, the total order of everything that happened. 0 is before the first
/// event.
public typealias Position = UInt64

/// An event's place in its stream: gapless from 1.
public typealias Version = UInt64

/// The newest durable event of a log.
public struct LogHead: Sendable, Equatable {
    /// Its position; 0 while the log is empty.
    public var position: Position
    /// Its time, in milliseconds since 1970 UTC; 0 while the log is empty.
    public var time: Int64

    /// A head. By default it is the head of an empty log.
    public init(position: Position = 0, time: Int64 = 0) {
        self.position = position
        self.time = time
    }
}
