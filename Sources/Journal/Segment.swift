internal import Bytes
internal import Files
internal import Hashing

/// The beginning of a segment, as `docs/storage-format.md` describes it. All integers are big-endian.
///
///     offset  size
///     0       16    "martlet-journal1"
///     16      16    identity of the log
///     32      8     epoch
///     40      8     number of the segment
///     48      8     number of its first frame
///     56      8     position of its first record
///     64      32    chain value before it
///     96      4     zero
///     100     4     CRC32C of the 100 bytes before
///     104     ...   zeros, up to 4,096: frames do not share a page of the disk with the header
struct SegmentHeader: Equatable {
    static let label = Array("martlet-journal1".utf8)
    static let identitySize = 16
    static let size = 104
    /// Where the first frame begins.
    static let framesStart = 4096
    /// Numbers and positions that can be counted on from. Others are never written.
    private static let countable: ClosedRange<UInt64> = 1...(1 << 62)

    var identity: [UInt8]
    var epoch: UInt64
    var number: UInt64
    /// The newest frame before the segment.
    var before: JournalHead

    var firstFrame: FrameNumber { before.number + 1 }
    var firstPosition: Position { before.position + 1 }

    init(identity: [UInt8], epoch: UInt64, number: UInt64, before: JournalHead) {
        precondition(identity.count == Self.identitySize, "the identity of a log has 16 bytes")
        self.identity = identity
        self.epoch = epoch
        self.number = number
        self.before = before
    }

    /// Takes the first bytes of a segment; `nil` unless a whole header is there.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.size, bytes.starts(with: Self.label),
            bytes.bigEndianUInt32(at: 100) == Self.checksum(bytes),
            let chain = ChainValue(UnsafeRawBufferPointer(rebasing: bytes[64..<96])),
            Self.countable ~= bytes.bigEndianUInt64(at: 48), Self.countable ~= bytes.bigEndianUInt64(at: 56)
        else { return nil }
        identity = Array(bytes[16..<32])
        epoch = bytes.bigEndianUInt64(at: 32)
        number = bytes.bigEndianUInt64(at: 40)
        before = JournalHead(
            number: bytes.bigEndianUInt64(at: 48) - 1, position: bytes.bigEndianUInt64(at: 56) - 1, chain: chain)
    }

    /// The header with the zeros behind it.
    var bytes: [UInt8] {
        var bytes = Self.label + identity
        bytes.append(bigEndian: epoch)
        bytes.append(bigEndian: number)
        bytes.append(bigEndian: firstFrame)
        bytes.append(bigEndian: firstPosition)
        before.chain.withBytes { bytes.append(contentsOf: $0) }
        bytes.append(bigEndian: UInt32(0))
        bytes.append(bigEndian: bytes.withUnsafeBytes { Self.checksum($0) })
        return bytes + [UInt8](repeating: 0, count: Self.framesStart - Self.size)
    }

    private static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var checksum = CRC32C()
        checksum.update(UnsafeRawBufferPointer(rebasing: bytes[..<100]))
        return checksum.value
    }
}

/// A segment that has begun: a file with a whole header.
struct Segment<File: DiskFile> {
    let header: SegmentHeader
    let file: File

    var name: String { SegmentName.of(header.number) }

    init(header: SegmentHeader, file: File) {
        self.header = header
        self.file = file
    }

    /// Reads the header of a file; `nil` when it has none that is whole, and of this number.
    init?(_ file: File, number: UInt64) throws {
        var bytes = [UInt8](repeating: 0, count: SegmentHeader.size)
        let header = try bytes.withUnsafeMutableBytes { bytes in
            let count = try file.read(into: bytes, at: 0)
            return SegmentHeader(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        }
        guard let header, header.number == number else { return nil }
        self.init(header: header, file: file)
    }

    /// Whether there is something where the first frame belongs. Room that was never used holds zeros.
    static func holdsFrames(_ file: File) throws -> Bool {
        var bytes = [UInt8](repeating: 0, count: FrameLayout.headerSize)
        _ = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: SegmentHeader.framesStart) }
        return bytes.contains { $0 != 0 }
    }
}

/// How the files of segments are called: twenty digits and `.segment`, so that names sort as numbers do.
enum SegmentName {
    private static let ending = ".segment"

    static func of(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 20 - digits.count) + digits + ending
    }

    /// The number in a name; `nil` when it is not the name of a segment.
    static func number(_ name: String) -> UInt64? {
        guard name.hasSuffix(ending), let number = UInt64(name.dropLast(ending.count)), of(number) == name else {
            return nil
        }
        return number
    }
}
