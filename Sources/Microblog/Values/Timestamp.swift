/// A moment in milliseconds since 1970 UTC, and its written form (RFC 3339, always UTC and three decimals).
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public let milliseconds: Int64

    /// The moments that have a written form: the years 0 to 9999.
    public static let writable = Timestamp(-62_167_219_200_000)...Timestamp(253_402_300_799_999)

    /// Names a moment.
    public init(_ milliseconds: Int64) { self.milliseconds = milliseconds }

    /// The earlier moment is less.
    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    /// The written form, such as `2012-07-04T08:15:30.250Z`.
    public var description: String {
        String(unsafeUninitializedCapacity: 24) { bytes in
            write(to: UnsafeMutableRawBufferPointer(bytes))
            return 24
        }
    }

    /// Writes the 24 characters to the start of a buffer. Years are those from 0 to 9999.
    public func write(to bytes: UnsafeMutableRawBufferPointer) {
        let day = milliseconds.floorDivided(by: 86_400_000)
        let time = milliseconds - day * 86_400_000
        let date = CivilDate(daysSince1970: day)
        func put(_ value: Int64, _ offset: Int, _ digits: Int) {
            var value = value
            for index in stride(from: offset + digits - 1, through: offset, by: -1) {
                bytes[index] = UInt8(ascii: "0") + UInt8(value % 10)
                value /= 10
            }
        }
        put(date.year, 0, 4)
        bytes[4] = UInt8(ascii: "-")
        put(date.month, 5, 2)
        bytes[7] = UInt8(ascii: "-")
        put(date.day, 8, 2)
        bytes[10] = UInt8(ascii: "T")
        put(time / 3_600_000, 11, 2)
        bytes[13] = UInt8(ascii: ":")
        put(time / 60_000 % 60, 14, 2)
        bytes[16] = UInt8(ascii: ":")
        put(time / 1000 % 60, 17, 2)
        bytes[19] = UInt8(ascii: ".")
        put(time % 1000, 20, 3)
        bytes[23] = UInt8(ascii: "Z")
    }

    /// Reads the RFC 3339 form with any fraction and offset, such as `2012-07-04T10:15:30+02:00`; `nil` for anything
    /// else. Digits beyond milliseconds are cut off.
    public init?(_ text: some StringProtocol) {
        var scanner = DigitScanner(Array(text.utf8))
        guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2), scanner.skip("-"),
            let day = scanner.number(2), scanner.skip("T") || scanner.skip("t") || scanner.skip(" "),
            let hour = scanner.number(2), scanner.skip(":"), let minute = scanner.number(2), scanner.skip(":"),
            let second = scanner.number(2), hour < 24, minute < 60, second <= 60,
            let date = CivilDate(year: year, month: month, day: day),
            let fraction = scanner.milliseconds(), let offset = scanner.offsetMinutes(), scanner.isAtEnd
        else { return nil }
        let minutes = (date.daysSince1970 * 24 + hour) * 60 + minute - offset
        milliseconds = (minutes * 60 + second) * 1000 + fraction
    }
}
