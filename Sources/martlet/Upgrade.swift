import Application
import CommandLineOptions

extension Parameter where Value == Bool {
    fileprivate static var keepPlain: Parameter {
        .flag("keep-plain", help: "leave the old records as they are; their texts and names can never be erased")
    }
}

extension Subcommand {
    static var upgrade: Subcommand {
        Subcommand(
            "upgrade", summary: "bring a data directory of an older martlet to this one's format",
            discussion: """
                Writes every event anew, with texts, names and handles sealed by a key of their account. Positions, ids and \
                idempotency keys stay. The new log is made beside the old one, which takes as much room again for a while, \
                and put in its place at the end: it can be broken off and started again. `martlet serve` does this by \
                itself. Backups from before hold plain text: make a new one, and remove them.
                """,
            parameters: .data, .masterKey, .keepPlain
        ) { options in
            let directory = try options.dataDirectory()
            guard let done = try Upgrade.run(directory, keepPlain: options.value(.keepPlain)) else {
                return try Console.result(Array("the log has this martlet's format already\n".utf8))
            }
            try Console.result(Array((done + "\n").utf8))
        }
    }
}

/// An upgrade with its progress on the terminal.
enum Upgrade {
    /// - Returns: what was done, in words; `nil` when there was nothing to do.
    static func run(_ directory: DataDirectory, keepPlain: Bool = false) throws -> String? {
        var bar = ProgressBar("upgrade", unit: "events")
        let done = try DirectoryUpgrade.run(directory, keepPlain: keepPlain) { done, total in
            if bar.isDue { bar.show(Int(done), fraction: Double(done) / Double(max(1, total))) }
        }
        bar.clear()
        guard let done else { return nil }
        let chain = "the chain was \(done.chainBefore) at position \(done.position) before"
        return done.isPlain
            ? "the log has the new format; its old records are in plain, as they were. Backups from before fit it"
            : "the log was written anew, with what is personal sealed; \(chain). Backups from before hold plain text: make a "
                + "new one, and remove them"
    }
}
