extension ValueFormat where Value == Int {
    /// A whole number, in decimal digits.
    public static func integer(in range: ClosedRange<Int>, _ placeholder: String = "N") -> ValueFormat {
        ValueFormat(
            placeholder: placeholder, expectation: "a whole number" + bounds(range) { String($0) }
        ) { text in
            // Int accepts a leading +, which nobody writes on purpose.
            guard let number = Int(text), text.utf8.first != UInt8(ascii: "+") else { return nil }
            return range.contains(number) ? number : nil
        }
    }

    /// A number of bytes, with or without a unit: `65536`, `64KiB`, `10MB`.
    ///
    /// `KiB`, `MiB`, `GiB` and `TiB` count by 1,024; `kB`, `KB`, `MB`, `GB` and `TB` by 1,000; upper and lower case are
    /// the same.
    public static func size(in range: ClosedRange<Int> = 0...Int.max) -> ValueFormat {
        ValueFormat(
            placeholder: "SIZE", expectation: "a size such as 512KiB or 64MiB" + bounds(range) { sizeText($0) }
        ) { text in
            guard let (number, unit) = splitUnit(text), let factor = sizeUnits[unit.lowercased()] else { return nil }
            let (bytes, overflow) = number.multipliedReportingOverflow(by: factor)
            return overflow || !range.contains(bytes) ? nil : bytes
        }
    }
}

extension ValueFormat where Value == Duration {
    /// A length of time with its unit: `500ms`, `30s`, `5m`, `2h`, `7d`; `0` needs none.
    public static func duration(in range: ClosedRange<Duration> = .zero ... .seconds(Int32.max)) -> ValueFormat {
        ValueFormat(
            placeholder: "TIME",
            expectation: "a length of time such as 500ms, 30s, 5m, 2h or 7d" + bounds(range) { durationText($0) }
        ) { text in
            guard let (number, unit) = splitUnit(text) else { return nil }
            if number == 0 && unit.isEmpty { return range.contains(.zero) ? .zero : nil }
            guard let factor = durationUnits.first(where: { $0.name == unit })?.milliseconds else { return nil }
            let (milliseconds, overflow) = number.multipliedReportingOverflow(by: factor)
            guard !overflow else { return nil }
            let duration = Duration.milliseconds(milliseconds)
            return range.contains(duration) ? duration : nil
        }
    }
}

private let sizeUnits = [
    "": 1, "b": 1, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40, "kb": 1_000, "mb": 1_000_000,
    "gb": 1_000_000_000, "tb": 1_000_000_000_000,
]

private let durationUnits = [
    (name: "d", milliseconds: 86_400_000), (name: "h", milliseconds: 3_600_000), (name: "m", milliseconds: 60_000),
    (name: "s", milliseconds: 1_000), (name: "ms", milliseconds: 1),
]

/// Digits, then a unit of letters, which may be empty.
private func splitUnit(_ text: String) -> (number: Int, unit: String)? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(digits) else { return nil }
    return (number, String(text[digits.endIndex...]))
}

/// A size as people write it, in the largest binary unit that divides it.
func sizeText(_ bytes: Int) -> String {
    for (unit, shift) in [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)]
    where bytes > 0 && bytes & (1 << shift - 1) == 0 {
        return "\(bytes >> shift)\(unit)"
    }
    return String(bytes)
}

/// A length of time as people write it, in the largest unit that divides it.
func durationText(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let milliseconds = Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
    for unit in durationUnits where milliseconds > 0 && milliseconds % unit.milliseconds == 0 {
        return "\(milliseconds / unit.milliseconds)\(unit.name)"
    }
    return "0"
}

/// The words that a range adds to an expectation. A bound that comes only from the type is not mentioned.
private func bounds<Bound>(_ range: ClosedRange<Bound>, _ text: (Bound) -> String) -> String {
    let isOpen =
        (range.upperBound as? Int) == Int.max || (range.upperBound as? Duration) == Duration.seconds(Int32.max)
    return isOpen
        ? ", \(text(range.lowerBound)) or more" : " from \(text(range.lowerBound)) to \(text(range.upperBound))"
}
