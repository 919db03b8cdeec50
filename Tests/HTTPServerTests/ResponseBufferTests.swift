import Glibc
import Testing

@testable import HTTPServer

struct ResponseBufferTests {
    @Test func `Everything appended is there in order`() {
        var buffer = ResponseBuffer(capacity: 1)
        var expected: [UInt8] = []
        for index in 0..<10_000 {
            buffer.append(UInt8(truncatingIfNeeded: index))
            buffer.append("text")
            buffer.append(text: String(index))
            expected += [UInt8(truncatingIfNeeded: index)] + Array("text\(index)".utf8)
        }
        expected.withUnsafeBytes { buffer.append($0) }
        #expect(Array(buffer.bytes) == expected + expected)
        #expect(buffer.count == expected.count * 2)
    }

    @Test(arguments: [0, 1, 9, 10, 99, 100, 12_345_678_901, UInt64(Int64.max), UInt64.max])
    func `Decimals are written in full`(_ number: UInt64) {
        var buffer = ResponseBuffer()
        buffer.append(decimal: number)
        #expect(String(decoding: buffer.bytes, as: UTF8.self) == "\(number)")
    }

    @Test(arguments: [0, -1, 42, -42, Int.max, Int.min])
    func `Signed decimals are written in full`(_ number: Int) {
        var buffer = ResponseBuffer()
        buffer.append(decimal: number)
        #expect(String(decoding: buffer.bytes, as: UTF8.self) == "\(number)")
    }

    @Test func `The block is given away without a copy`() {
        var buffer = ResponseBuffer()
        buffer.append("abc")
        let start = buffer.bytes.baseAddress
        let taken = buffer.take()
        #expect(taken.baseAddress == start.map { UnsafeMutableRawPointer(mutating: $0) })
        #expect(taken.count == 3)
        free(taken.baseAddress)
    }

    @Test func `Room is filled in place`() {
        var buffer = ResponseBuffer(capacity: 64)
        for _ in 0..<100 {
            buffer.appendUnchecked(room: 100) { place in
                place[0] = 65
                return 1
            }
        }
        #expect(String(decoding: buffer.bytes, as: UTF8.self) == String(repeating: "A", count: 100))
    }
}
