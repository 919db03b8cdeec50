import Application
import Backup
import CommandLineOptions
import Glibc
import JSON
import Sealing

extension Parameter where Value == String {
    fileprivate static var restoredFile: Parameter {
        .positional("file", .path("FILE"), help: "a file that backup wrote")
    }
    fileprivate static var keys: Parameter {
        .option("keys", .path("FILE"), help: "a file that `keys backup` wrote; without it names and texts are lost")
    }
    fileprivate static var passphrase: Parameter {
        .option("passphrase-file", .path("FILE"), help: "a file whose first line is the passphrase of --keys")
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

                The keys get a new master key, or that of --master-key-file, which is made unless it is there. Without --keys \
                everything else is restored, and names and texts are shown as erased.
                """,
            parameters: .data, .masterKey, .restoredFile, .keys, .passphrase, .until, .mapSize
        ) { options in
            var bar = BackupProgressBar("restore", endedBy: try SignalWait([SIGINT, SIGTERM]))
            let start = ContinuousClock.now
            var restore = Restore()
            restore.until = options.optionalValue(.until)
            restore.mapSize = try options.value(.mapSize)
            restore.masterKey = options.optionalValue(.masterKey)
            restore.keys = try keys(options)
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
            if report.accountsWithoutKey > 0 {
                Console.note(
                    "martlet restore: \(report.accountsWithoutKey) accounts have no key: their names and texts are shown as "
                        + "erased; if you have a backup of the keys, restore into another directory with --keys")
            }
            Console.note("restore: \(report.bytes) bytes \(rate(report.bytes, since: start))")
            var json = JSONObject()
            json.add("data", data)
            report.add(to: &json)
            json.add("accounts_without_key", report.accountsWithoutKey)
            try Console.result(json.line)
        }
    }

    /// Opens the backup of keys, if there is one.
    private static func keys(_ options: OptionValues) throws -> KeyBackup? {
        switch (options.optionalValue(.keys), options.optionalValue(.passphrase)) {
        case (nil, nil): return nil
        case (let file?, let passphrase?): return try KeyBackup(file, passphrase: Passphrase(file: passphrase))
        case (let file?, nil): throw Failure("--keys \(file) needs --passphrase-file: the file with its passphrase")
        case (nil, _?): throw Failure("--passphrase-file needs --keys: the backup of keys that it opens")
        }
    }
}
