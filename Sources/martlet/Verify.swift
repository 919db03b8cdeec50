import Application
import CommandLineOptions
import EventLog
import Projections
import Threads

extension Parameter where Value == ChainHash {
    fileprivate static var expectedChain: Parameter {
        .option("expect-chain", .chainHash, help: "a value of the hash chain that was noted before")
    }
}

extension ValueFormat where Value == ChainHash {
    /// 64 hexadecimal digits.
    fileprivate static var chainHash: ValueFormat {
        ValueFormat(placeholder: "HASH", expectation: "the 64 hexadecimal digits that `martlet verify` printed") {
            ChainHash(hex: $0)
        }
    }
}

extension Parameter where Value == Bool {
    fileprivate static var quick: Parameter {
        .flag("quick", help: "leave out the rebuild of the read models")
    }
}

extension Subcommand {
    static var verify: Subcommand {
        Subcommand(
            "verify", summary: "prove that the log is whole and that the read models are what it makes",
            discussion: """
                Checks every record, stream, command and value of the hash chain, then builds all read models in a scratch \
                place and compares them with those in use. Changes nothing, and runs beside a server. Exits with 1 if \
                anything is wrong.
                """,
            parameters: .data, .masterKey, .quick, .expectedChain, .memory, .mapSize
        ) { options in
            let expected = options.optionalValue(.expectedChain)
            let verification = try Verification(
                data: options.value(.data), masterKey: options.optionalValue(.masterKey),
                memory: options.value(.memory),
                mapSize: options.value(.mapSize))
            let log = try checkLog(verification, expected)
            try Console.result(Array(VerifyText.log(log, expected: expected).utf8))
            var isGood = log.isSound && (expected == nil || log.expectedChainPosition != nil)
            if log.isSound {
                // What is built with wrong ones proves nothing.
                try Console.result(Array("keys          \(verification.checkKeys()) accounts have one: sound\n".utf8))
            }
            if !log.isSound {
                // What is built from a damaged log proves nothing.
                try Console.result(Array("read models   not checked, since the log is not sound\n".utf8))
            } else if try !options.value(.quick) {
                let views = try await checkViews(verification, events: log.events)
                try Console.result(Array(VerifyText.views(views).utf8))
                isGood = isGood && views.isGood
            }
            if !isGood { throw Failure("the data directory is not as it should be: see above") }
        }
    }

    private static func checkLog(_ verification: Verification, _ expected: ChainHash?) throws -> LogCheckReport {
        var bars: [LogCheckProgress.Stage: ProgressBar] = [:]
        let report = try verification.checkLog(expectedChain: expected) { progress in
            var bar = bars[progress.stage] ?? ProgressBar("verify: \(progress.stage)", unit: "rows")
            if bar.isDue { bar.show(progress.done, fraction: Double(progress.done) / Double(max(1, progress.total))) }
            bars[progress.stage] = bar
        }
        for bar in bars.values { bar.clear() }
        return report
    }

    private static func checkViews(_ verification: Verification, events: Int) async throws -> ViewCheck {
        let bar = Guarded(ProgressBar("verify: rebuild", unit: "events"))
        let check = try await verification.checkViews { part in
            bar.withLock { if $0.isDue { $0.show(Int(part * Double(events)), fraction: part) } }
        }
        bar.withLock { $0.clear() }
        return check
    }
}

/// What `martlet verify` says.
enum VerifyText {
    static func log(_ report: LogCheckReport, expected: ChainHash?) -> String {
        var text = "log           \(report.events) events, \(report.streams) streams, \(report.commands) commands: "
        text += report.isSound ? "sound\n" : "\(report.findings.count)\(report.isComplete ? "" : " or more") findings\n"
        for finding in report.findings { text += "              \(finding)\n" }
        if let chain = report.chain { text += "chain         \(chain) at position \(report.head.position)\n" }
        guard let expected else { return text }
        if let position = report.expectedChainPosition, report.isExpectedChainFormer {
            return text + "expected      \(expected) at position \(position): found, it was the chain before sealing\n"
        }
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
