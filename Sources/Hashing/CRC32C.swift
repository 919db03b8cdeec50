internal import CISAL

/// CRC32C (Castagnoli; RFC 3720, appendix B.4): of few bytes by the processor's instruction, of many by ISA-L. It finds
/// accidents, not intent.
///
/// The checksum of `123456789` is `e3069283`.
public struct CRC32C: Sendable {
    private var state: UInt32 = .max

    /// From here on ISA-L is quicker.
    private static let many = 512
    private static let hasInstruction = martlet_has_crc32c() != 0

    /// Begins a checksum.
    @inline(__always)
    public init() {}

    /// Adds bytes, at most 2 GiB. How they are cut into pieces makes no difference.
    @inline(__always)
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        if bytes.count < Self.many, Self.hasInstruction {
            guard let start = bytes.baseAddress else { return }
            state = martlet_crc32c(start.assumingMemoryBound(to: UInt8.self), bytes.count, state)
            return
        }
        // ISA-L's signature lacks `const`; it does not write.
        let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress)?.assumingMemoryBound(to: UInt8.self)
        state = crc32_iscsi(start, Int32(bytes.count), state)
    }

    /// The checksum of everything that was added so far.
    @inline(__always)
    public var value: UInt32 { ~state }
}
