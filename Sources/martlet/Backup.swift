import Application
import Backup
import CommandLineOptions
import Glibc
import JSON
import Microblog

extension Parameter where Value == String {
    fileprivate static var backupFile: Parameter {
        .positional("file", .path("FILE"), help: "the file to write, which must not be there yet")
    }
}

extension Parameter where Value == Bool {
    fileprivate static var withViews: Parameter {
        .flag("with-views", help: "put the read models in too, so that a restored server need not build them")
    }
    fileprivate static var skipMissing: Parameter {
        .flag("skip-missing", help: "leave out uploaded files that are missing on the disk, instead of ending")
    }
}

extension Subcommand {
    static var backup: Subcommand {
        Subcommand(
            "backup", summary: "write everything at one position into one file",
            discussion: """
                Also while a server runs, which goes on as before. The file appears when it is whole and on the disk. Prints
                what is in it as JSON.
                """,
            parameters: .data, .backupFile, .withViews, .skipMissing
        ) { options in
            var bar = BackupProgressBar("backup", endedBy: try SignalWait([SIGINT, SIGTERM]))
            let start = ContinuousClock.now
            let file = try options.value(.backupFile)
            var backup = Backup()
            backup.withViews = try options.value(.withViews)
            backup.skipsMissing = try options.value(.skipMissing)
            backup.note = { Console.note("martlet backup: left out: \($0)") }
            backup.progress = { try bar.show($0) }
            defer { bar.finish() }
            let report = try backup.write(dataDirectory: options.value(.data), to: file)
            bar.finish()
            Console.note("backup: \(report.bytes) bytes \(rate(report.bytes, since: start))")
            var json = JSONObject()
            json.add("file", file)
            report.add(to: &json)
            try Console.result(json.line)
        }
    }
}

extension BackupReport {
    /// Adds the members that backup and restore both print.
    func add(to json: inout JSONObject) {
        json.add("position", position)
        json.add("time", time.description)
        json.add("identity", identity)
        json.add("chain_head", chain)
        json.add("answers", answers)
        json.add("media_files", files)
        json.add("missing_media_files", missing)
        json.add("read_model_rows", rows)
        json.add("bytes", bytes)
    }
}

/// How long this many bytes took, and how many bytes that is in a second.
func rate(_ bytes: UInt64, since start: ContinuousClock.Instant) -> String {
    let seconds = max((ContinuousClock.now - start) / .seconds(1), 0.001)
    let tenths = Int(seconds * 10)
    return "in \(tenths / 10).\(tenths % 10) s, \(Int(Double(bytes) / seconds / 1_000_000)) MB/s"
}
