import Testing

@testable import HTTPAdapter

@Suite struct ByteRangeTests {
    @Test func `One range is the part of the file that it names`() {
        let parts: [(String, Range<UInt64>)] = [
            ("bytes=0-0", 0..<1), ("bytes=0-", 0..<10), ("bytes=9-", 9..<10), ("bytes=-1", 9..<10),
            ("bytes=-10", 0..<10), ("bytes=-11", 0..<10), ("bytes=3-5", 3..<6), ("bytes=3-9", 3..<10),
            ("bytes=3-10", 3..<10), ("BYTES=3-5", 3..<6), ("bytes= 3-5 ", 3..<6), ("bytes=003-005", 3..<6),
            ("bytes=0-18446744073709551615", 0..<10), ("bytes=0-99999999999999999999999", 0..<10),
            ("bytes=-99999999999999999999999", 0..<10),
        ]
        for (header, part) in parts { #expect(ByteRange(header, size: 10) == .part(part), "\(header)") }
    }

    @Test func `A range that the file does not reach is outside`() {
        for header in ["bytes=10-", "bytes=10-10", "bytes=11-20", "bytes=-0", "bytes=99999999999999999999-"] {
            #expect(ByteRange(header, size: 10) == .outside, "\(header)")
        }
        for header in ["bytes=0-", "bytes=0-0", "bytes=-1", "bytes=-0"] {
            #expect(ByteRange(header, size: 0) == .outside, "\(header)")
        }
    }

    @Test func `What cannot be read, and several ranges at once, are the whole file`() {
        for header in [
            "", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=1", "bytes=1-2-3", "bytes=1-2,4-5", "bytes=5-3",
            "bytes=1 - 2", "bytes=+1-2", "bytes=-1-2", "bytes==1-2", "chars=1-2", "bytes=0x1-2", "bytes=١-٢",
            "bytes=1.0-2",
        ] {
            #expect(ByteRange(header, size: 10) == .whole, "\(header)")
        }
    }

    @Test func `Every pair of ends in a small file`() {
        for size in 0..<7 as Range<UInt64> {
            for first in 0..<9 as Range<UInt64> {
                for last in 0..<9 as Range<UInt64> {
                    let bytes = (0..<size).filter { first <= $0 && $0 <= last }
                    let expected: ByteRange =
                        if first > last { .whole } else if bytes.isEmpty { .outside } else {
                            .part(bytes.first!..<bytes.last! + 1)
                        }
                    #expect(ByteRange("bytes=\(first)-\(last)", size: size) == expected)
                }
            }
        }
    }
}
