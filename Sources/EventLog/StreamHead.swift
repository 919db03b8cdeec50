/// The newest event of a stream: enough to decide most commands without reading the event itself.
///
/// Stored in 24 bytes, big-endian: version (8), position (8), event type (1), zeros (7).
public struct StreamHead: Equatable, Sendable {
    /// How many events the stream has.
    public let version: Version
    /// Where the newest is in the log.
    public let position: Position
    /// The newest one's type code.
    public let type: UInt8

    static let byteCount = 24

    /// Names a stream's newest event.
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
