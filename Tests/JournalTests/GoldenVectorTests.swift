import TestSupport
import Testing

@testable import Journal

/// The bytes that `docs/storage-format.md` spells out, made by a program of another language.
@Suite struct GoldenVectorTests {
    static let header = bytes(
        """
        6d 61 72 74 6c 65 74 2d 6a 6f 75 72 6e 61 6c 31
        a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 aa ab ac ad ae af
        00 00 00 00 00 00 00 02
        00 00 00 00 00 00 00 03
        00 00 00 00 00 00 00 05
        00 00 00 00 00 00 00 02
        45 e5 b5 61 77 17 91 35 bf fc e5 7f 8e 81 5a 23 f7 60 0d 52 67 60 f9 84 90 96 c2 5b b0 a5 47 ee
        00 00 00 00
        4a 32 58 4f
        """)

    /// The record at position 2 of the log's golden vectors.
    static let record = bytes(
        """
        01 07 03 02 00 1b 00 00 00 00 01 38 3f d6 38 7b 00 00 00 00 00 00 00 01 00 00 00 03 00 00 00 03
        00 00 00 00 00 00 00 01 00 06 70 6f 73 74 2f 32 00 00 00 00 00 00 00 02 00 09 61 63 63 6f 75 6e 74 2f 31
        00 00 00 00 00 00 00 01 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 6b 2d 31 00 ff 10 48 69 21 d6 c1 19 89
        """)
    static let answerKey = bytes("00 00 00 00 00 00 00 01 6b 2d 32")
    static let answer = bytes(
        "ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff 00 00 00 00 00 00 00 00 6f 6b")

    static let frame =
        bytes(
            """
            73 10 e7 32
            00 00 00 e0
            00 00 00 00 00 00 00 05
            00 00 00 00 00 00 00 04
            00 00 00 00 00 00 00 02
            00 00 00 01
            00 00 00 01
            22 9f aa e1 ac 3c 03 9a 30 86 39 92 aa 8c 07 21 f1 2b 41 1d d3 ac d3 89 70 92 0c fb f2 7d 82 3b
            00 00 00 68
            """) + record + bytes("00 0b 00 00 00 1a") + answerKey + answer + [0]

    static let before = JournalHead(
        number: 4, position: 1,
        chain: bytes("45e5b56177179135bffce57f8e815a23f7600d526760f9849096c25bb0a547ee").withUnsafeBytes {
            ChainValue($0)!
        })

    @Test func `A header has the documented bytes`() throws {
        let header = SegmentHeader(identity: identity, epoch: 2, number: 3, before: Self.before)
        let written = header.bytes
        #expect(hex(Array(written[..<104])) == hex(Self.header))
        #expect(written.count == 4096)
        #expect(written[104...].allSatisfy { $0 == 0 })
        #expect(Self.header.withUnsafeBytes { SegmentHeader($0) } == header)
    }

    @Test func `A frame has the documented bytes`() {
        var builder = FrameBuilder(after: Self.before.position, chain: Self.before.chain)
        #expect(Self.record.withUnsafeBytes { builder.add(record: $0) })
        #expect(
            Self.answerKey.withUnsafeBytes { key in Self.answer.withUnsafeBytes { builder.add(answer: $0, key: key) } })
        let frame = builder.finish()
        var written = [UInt8](repeating: 0, count: frame.size)
        written.withUnsafeMutableBytes { frame.write(to: $0, number: 5, durable: 4, epoch: 2, segment: 3) }
        #expect(hex(written) == hex(Self.frame))
    }

    @Test func `The documented bytes are read as what they are`() throws {
        try Self.frame.withUnsafeBytes { bytes in
            let frame = try #require(FrameView(bytes, epoch: 2, segment: 3))
            #expect((frame.number, frame.durable, frame.firstPosition, frame.lastPosition) == (5, 4, 2, 2))
            #expect(frame.chain.description == "229faae1ac3c039a30863992aa8c0721f12b411dd3acd38970920cfbf27d823b")
            let contents = FrameContents(frame)
            #expect(contents.records == [2: Self.record])
            #expect(contents.answers == [Self.answerKey, Self.answer])
        }
    }

    @Test func `Whichever bit of a header is flipped, it is not whole`() {
        for bit in 0..<(8 * Self.header.count) {
            var damaged = Self.header
            damaged[bit / 8] ^= 1 << (bit % 8)
            #expect(damaged.withUnsafeBytes { SegmentHeader($0) } == nil, "bit \(bit)")
        }
    }

    @Test func `Segments are named by their number`() {
        #expect(SegmentName.of(37) == "00000000000000000037.segment")
        #expect(SegmentName.number("00000000000000000037.segment") == 37)
        #expect(SegmentName.number("37.segment") == nil)
        #expect(SegmentName.number("00000000000000000037.segment.new") == nil)
        #expect(SegmentName.number("head") == nil)
    }
}
