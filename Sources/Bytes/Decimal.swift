/// Whole numbers as decimal digits.
public enum Decimal {
    /// The most digits that a number of 64 bits has.
    public static let longest = 20

    /// Writes a number without leading zeros.
    ///
    /// - Parameter place: has room for ``longest`` bytes.
    /// - Returns: how many digits were written.
    @inlinable @inline(__always)
    public static func write(_ number: UInt64, to place: UnsafeMutablePointer<UInt8>) -> Int {
        var count = 1
        var power: UInt64 = 10
        while count < longest, number >= power {
            count += 1
            // The power for 20 digits is the last one that fits in 64 bits.
            if count < longest { power &*= 10 }
        }
        var rest = number
        var index = count
        while index > 0 {
            index -= 1
            place[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        return count
    }

    /// Reads a number that consists of digits only; leading zeros are allowed. `nil` for anything else, and for numbers
    /// above `UInt64.max`.
    @inlinable
    public static func number(_ digits: some Collection<UInt8>) -> UInt64? {
        guard !digits.isEmpty else { return nil }
        var number: UInt64 = 0
        for byte in digits {
            guard let digit = value(byte) else { return nil }
            let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(UInt64(digit))
            guard !overflow, !carry else { return nil }
            number = sum
        }
        return number
    }

    /// Reads an id: a positive number without leading zeros; `nil` for anything else. So a number has one written form.
    @inlinable
    public static func id(_ digits: some Collection<UInt8>) -> UInt64? {
        guard digits.first != UInt8(ascii: "0") else { return nil }
        return number(digits)
    }

    /// The value of a digit; `nil` for anything else.
    @inlinable @inline(__always)
    public static func value(_ digit: UInt8) -> UInt8? {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit ? digit - UInt8(ascii: "0") : nil
    }
}

extension [UInt8] {
    /// Appends a number in decimal digits.
    public mutating func append(decimal number: UInt64) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Decimal.longest) { digits in
            let count = Decimal.write(number, to: digits.baseAddress!)
            append(contentsOf: digits[..<count])
        }
    }

    /// Appends ASCII that is known when the program is built.
    public mutating func append(text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

extension String {
    /// Lends the UTF-8, without a copy: strings are UTF-8 inside.
    public func withUTF8Bytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        var text = self
        return try text.withUTF8 { try body(UnsafeRawBufferPointer($0)) }
    }
}
