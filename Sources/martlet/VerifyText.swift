import Application
import EventLog
import Projections

/// What `martlet verify` says.
enum VerifyText {
    static func log(_ report: LogCheckReport, expected: ChainHash?) -> String {
        var text = "log           \(report.events) events, \(report.streams) streams, \(report.commands) commands: "
        text += report.isSound ? "sound\n" : "\(report.findings.count)\(report.isComplete ? "" : " or more") findings\n"
        for finding in report.findings { text += "              \(finding)\n" }
        if let chain = report.chain { text += "chain         \(chain) at position \(report.head.position)\n" }
        guard let expected else { return text }
        if let position = report.expectedChainPosition {
            return text + "expected      \(expected) at position \(position): found\n"
        }
        return text + "expected      \(expected): nowhere; the log is another one, or its past was changed\n"
    }

    static func views(_ check: ViewCheck) -> String {
        var text = "read models   "
        if let obstacle = check.obstacle {
            text += "not compared: \(obstacle)\n"
            text += "              the log makes these at position \(check.position):\n"
        } else {
            text += "at position \(check.position)\n"
        }
        for digest in check.digests {
            let name = "  " + digest.model.name
            text += name + String(repeating: " ", count: 14 - name.count)
            switch check.findings[digest.model] {
            case nil: text += "\(digest.rows) rows, \(digest.hex)\n"
            case .equal: text += "equal: \(digest.rows) rows, \(digest.hex)\n"
            case .outdated: text += "outdated: the next start of the server builds it anew\n"
            case .differs(let row?): text += "DIFFERS: \(row)\n"
            case .differs(nil): text += "DIFFERS: in a row that a running server has changed since\n"
            }
        }
        if !check.isGood {
            text += "              `martlet replay` builds them anew; please report how they came to differ\n"
        }
        return text
    }
}
