public import Bytes

extension ResponseBuffer {
    /// Appends a number in decimal digits.
    @inlinable @inline(__always)
    public mutating func append(decimal number: UInt64) {
        appendUnchecked(room: Decimal.longest) { Decimal.write(number, to: $0) }
    }

    /// Appends a number in decimal digits, with a minus sign when it is below zero.
    @inlinable @inline(__always)
    public mutating func append(decimal number: Int) {
        if number < 0 { append(UInt8(ascii: "-")) }
        append(decimal: UInt64(number.magnitude))
    }

    /// Appends a number with at most three decimals, as JSON and Prometheus read it.
    public mutating func append(thousandths number: Double) {
        append(text: "\((number * 1000).rounded() / 1000)")
    }
}
