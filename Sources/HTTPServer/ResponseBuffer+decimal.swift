extension ResponseBuffer {
    /// Appends a number in decimal digits.
    @inline(__always)
    mutating func append(decimal number: UInt64) {
        appendUnchecked(room: 20) { Self.write(number, to: $0) }
    }

    /// Appends a number in decimal digits, with a minus sign when it is below zero.
    @inline(__always)
    mutating func append(decimal number: Int) {
        if number < 0 { append(UInt8(ascii: "-")) }
        append(decimal: UInt64(number.magnitude))
    }

    /// Appends a number with at most three decimals, as JSON and Prometheus read it.
    mutating func append(thousandths number: Double) {
        append(text: "\((number * 1000).rounded() / 1000)")
    }

    /// Writes the digits of a number, at most 20.
    ///
    /// - Returns: how many there are.
    static func write(_ number: UInt64, to place: UnsafeMutablePointer<UInt8>) -> Int {
        var length = 1
        var bound = number
        while bound >= 10 {
            bound /= 10
            length += 1
        }
        var rest = number
        var position = length
        while position > 0 {
            position -= 1
            place[position] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        return length
    }
}
