import Application
import Projections

/// The closing report of a replay.
enum ReplayTable {
    static func text(_ report: ReplayReport, _ store: ViewStore, peakMemory: Int) throws -> [UInt8] {
        let hundredths = Int(report.duration / .milliseconds(10))
        var text = """
            events        \(report.position)
            seconds       \(hundredths / 100).\(hundredths / 10 % 10)\(hundredths % 10)
            events/s      \(Int(report.rate))
            peak memory   \(peakMemory >> 20) MiB

            read model          rows         bytes  digest

            """
        let statistics = try store.statistics()
        for digest in try store.digests().digests {
            let bytes = statistics.filter { $0.model == digest.model }.reduce(0) { $0 + $1.bytes }
            text += pad(digest.model.name, 12, left: false) + pad("\(digest.rows)", 12) + pad("\(bytes)", 14)
            text += "  \(digest.hex)\n"
        }
        return Array(text.utf8)
    }

    private static func pad(_ text: String, _ width: Int, left: Bool = true) -> String {
        let blanks = String(repeating: " ", count: max(0, width - text.count))
        return left ? blanks + text : text + blanks
    }
}
