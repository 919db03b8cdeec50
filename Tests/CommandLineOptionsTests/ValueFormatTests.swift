import CommandLineOptions
import Testing

@Suite struct ValueFormatTests {
    @Test(
        arguments: [
            ("0", 0), ("65536", 65_536), ("10B", 10), ("1KiB", 1_024), ("64MiB", 67_108_864), ("2gib", 2_147_483_648),
            ("1TiB", 1_099_511_627_776), ("3kB", 3_000), ("3MB", 3_000_000), ("1GB", 1_000_000_000),
        ])
    func `A size has an optional unit`(text: String, bytes: Int) {
        #expect(ValueFormat.size().parse(text) == bytes)
    }

    @Test(arguments: ["", "KiB", "-1", "1.5MiB", "1 MiB", "9999999999TiB", "99999999999999999999", "1XB", "٣MB"])
    func `What is not a size is refused`(text: String) {
        #expect(ValueFormat.size().parse(text) == nil)
    }

    @Test(
        arguments: [
            ("0", Duration.zero), ("0s", .zero), ("250ms", .milliseconds(250)), ("30s", .seconds(30)),
            ("5m", .seconds(300)), ("2h", .seconds(7_200)), ("7d", .seconds(604_800)),
        ])
    func `A duration has a unit`(text: String, duration: Duration) {
        #expect(ValueFormat.duration().parse(text) == duration)
    }

    @Test(arguments: ["", "5", "s", "-5s", "5 s", "5S", "1.5s", "99999999999999999d"])
    func `What is not a duration is refused`(text: String) {
        #expect(ValueFormat.duration().parse(text) == nil)
    }

    @Test func `A range holds its ends`() {
        #expect(ValueFormat.integer(in: 1...3).parse("1") == 1)
        #expect(ValueFormat.integer(in: 1...3).parse("3") == 3)
        for text in ["0", "4", "+2", "", " 2", "2x", "99999999999999999999"] {
            #expect(ValueFormat.integer(in: 1...3).parse(text) == nil)
        }
        #expect(ValueFormat.integer(in: -3...3).parse("-3") == -3)
        #expect(ValueFormat.duration(in: .seconds(1) ... .seconds(5)).parse("6s") == nil)
        #expect(ValueFormat.duration(in: .seconds(1) ... .seconds(5)).expectation.hasSuffix(" from 1s to 5s"))
        #expect(ValueFormat.integer(in: 1...Int.max).expectation == "a whole number, 1 or more")
    }
}
