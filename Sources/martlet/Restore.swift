import Application
import Backup
import CommandLineOptions
import Glibc
import JSON

extension Parameter where Value == String {
    fileprivate static var restoredFile: Parameter {
        .positional("file", .path("FILE"), help: "a file that backup wrote")
    }
}

extension Parameter where Value == Moment {
    fileprivate static var until: Parameter {
        .option("until", .moment, help: "where the restored log ends; by default with all of the backup")
    }
}

extension Subcommand {
    static var restore: Subcommand {
        Subcommand(
            "restore", summary: "make a data directory out of a backup",
            discussion: """
                The directory must be empty or not there. All of the file is checked before anything is written. Prints what
                is in the directory as JSON.

                With --until the log ends there, as another log than the one that went on: it has an identity of its own.
                """,
            parameters: .data, .restoredFile, .until, .mapSize
        ) { options in
            var bar = BackupProgressBar("restore", endedBy: try SignalWait([SIGINT, SIGTERM]))
            let start = ContinuousClock.now
            var restore = Restore()
            restore.until = options.optionalValue(.until)
            restore.mapSize = try options.value(.mapSize)
            restore.note = { Console.note("martlet restore: \($0)") }
            restore.progress = { try bar.show($0) }
            defer { bar.finish() }
            let data = try options.value(.data)
            let report = try restore.run(options.value(.restoredFile), into: data)
            bar.finish()
            if report.missing > 0 {
                Console.note(
                    "martlet restore: \(report.missing) uploaded files are not in the backup; posts that show them answer 404 "
                        + "for these")
            }
            Console.note("restore: \(report.bytes) bytes \(rate(report.bytes, since: start))")
            var json = JSONObject()
            json.add("data", data)
            report.add(to: &json)
            try Console.result(json.line)
        }
    }
}
