import Bytes
import TestSupport
import Testing

@testable import Journal

/// The bytes of frames.
@Suite struct FrameTests {
    /// A frame of two records and an answer, as it would lie in segment 9 of epoch 3.
    static func written(epoch: UInt64 = 3, segment: UInt64 = 9) -> [UInt8] {
        var series = FrameSeries()
        let frame = series.next(records: [20, 33], answers: [11])
        var bytes = [UInt8](repeating: 0, count: frame.size)
        bytes.withUnsafeMutableBytes { frame.write(to: $0, number: 5, durable: 4, epoch: epoch, segment: segment) }
        return bytes
    }

    static func isWhole(_ bytes: [UInt8], epoch: UInt64 = 3, segment: UInt64 = 9) -> Bool {
        bytes.withUnsafeBytes { FrameView($0, epoch: epoch, segment: segment) != nil }
    }

    @Test func `Whichever bit is flipped, the frame is not whole`() {
        let bytes = Self.written()
        #expect(Self.isWhole(bytes))
        for bit in 0..<(8 * bytes.count) {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << (bit % 8)
            #expect(!Self.isWhole(damaged), "bit \(bit)")
        }
    }

    @Test func `A frame that is cut or lengthened is not whole`() {
        let bytes = Self.written()
        for count in 0..<bytes.count { #expect(!Self.isWhole(Array(bytes[..<count]))) }
        #expect(!Self.isWhole(bytes + [0, 0, 0, 0, 0, 0, 0, 0]))
    }

    @Test func `The bytes of another segment or epoch never pass`() {
        #expect(!Self.isWhole(Self.written(), epoch: 4))
        #expect(!Self.isWhole(Self.written(), segment: 10))
        #expect(!Self.isWhole(Self.written(epoch: 9, segment: 3)))
    }

    @Test func `Zeros are no frame`() {
        #expect(!Self.isWhole([UInt8](repeating: 0, count: 4096)))
    }

    @Test(arguments: [0, 32, 36, 72, 132]) func `Lengths that lead beyond the end make no frame`(offset: Int) {
        var bytes = Self.written()
        bytes.storeBigEndian(UInt32.max, at: offset)
        // With a checksum that is right, as only a mistake of ours would make it.
        let checksum = bytes.withUnsafeBytes { FrameLayout.checksum($0, epoch: 3, segment: 9) }
        if offset > 0 {
            bytes.storeBigEndian(checksum, at: 0)
            #expect(!Self.isWhole(bytes))
        }
    }

    @Test func `A frame takes what fits into 960 KiB, and nothing more`() throws {
        let record = [UInt8](repeating: 1, count: 1000)
        var builder = FrameBuilder(after: 0, chain: emptyLog.chain)
        while record.withUnsafeBytes({ builder.add(record: $0) }) {}
        #expect(builder.recordCount == (960 * 1024 - 72) / 1004)
        let chain = builder.chain
        let rest = 960 * 1024 - 72 - builder.recordCount * 1004 - 4
        let tooLong = [UInt8](repeating: 2, count: rest + 1)
        #expect(tooLong.withUnsafeBytes { builder.add(record: $0) } == false)
        #expect(builder.chain == chain)
        #expect(tooLong[1...].withUnsafeBytes { builder.add(record: $0) })
        let answer = [UInt8](repeating: 3, count: 1)
        #expect(answer.withUnsafeBytes { builder.add(answer: $0, key: $0) } == false)
        let frame = builder.finish()
        #expect(frame.size == Frame.largest)
        #expect(frame.withView(number: 1) { $0.recordCount } == frame.recordCount)
    }
}
