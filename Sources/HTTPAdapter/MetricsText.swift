/// Writes metrics in Prometheus' text format.
struct MetricsText: ~Copyable {
    private var buffer = ResponseBuffer(capacity: 8192)

    mutating func add(_ name: StaticString, _ type: StaticString, _ help: StaticString, _ value: UInt64) {
        add(name, type, help, [("", value)])
    }

    mutating func add(_ name: StaticString, _ type: StaticString, _ help: StaticString, _ values: [(String, UInt64)]) {
        begin(name, type, help)
        for (labels, value) in values {
            append(name, labels)
            buffer.append(decimal: value)
            buffer.append("\n")
        }
    }

    /// Adds numbers that need not be whole.
    mutating func add(
        _ name: StaticString, _ type: StaticString, _ help: StaticString, decimals: [(String, Double)]
    ) {
        begin(name, type, help)
        for (labels, value) in decimals {
            append(name, labels)
            buffer.append(text: "\((value * 1_000_000).rounded() / 1_000_000)")
            buffer.append("\n")
        }
    }

    consuming func finish() -> ResponseBuffer { buffer }

    private mutating func begin(_ name: StaticString, _ type: StaticString, _ help: StaticString) {
        buffer.append(text: "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n")
    }

    private mutating func append(_ name: StaticString, _ labels: String) {
        buffer.append(text: labels.isEmpty ? "\(name) " : "\(name){\(labels)} ")
    }
}
