/// Writes metrics in Prometheus' text format.
struct MetricsText: ~Copyable {
    private var buffer = ResponseBuffer(capacity: 4096)

    mutating func add(_ name: StaticString, _ type: StaticString, _ help: StaticString, _ value: UInt64) {
        add(name, type, help, [("", value)])
    }

    mutating func add(_ name: StaticString, _ type: StaticString, _ help: StaticString, _ values: [(String, UInt64)]) {
        buffer.append("# HELP \(name) \(help)\n# TYPE \(name) \(type)\n")
        for (labels, value) in values {
            buffer.append(labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n")
        }
    }

    consuming func finish() -> ResponseBuffer { buffer }
}
