import Application
import CommandLineOptions
import EventLog
import JSON
import Sealing

extension Parameter where Value == String {
    /// What opens a backup of keys.
    static var passphraseFile: Parameter {
        .option(
            "passphrase-file", .path("FILE"), isRequired: true,
            help: "a file whose first line is the passphrase of the backup of keys")
    }

    fileprivate static var keysFile: Parameter {
        .positional("file", .path("FILE"), help: "the file to write, which must not be there yet")
    }
}

extension Subcommand {
    static var keysBackup: Subcommand {
        Subcommand(
            "keys backup", summary: "write all keys into one file that a passphrase opens",
            discussion: """
                Also while a server runs. Backups of data hold no keys: without these, names and texts of a restored log
                cannot be read. Back keys up after new accounts as well as before. The file needs no master key. Prints what
                is in it as JSON.
                """,
            parameters: .data, .masterKey, .keysFile, .passphraseFile
        ) { options in
            let passphrase = try Passphrase(file: options.value(.passphraseFile))
            let layout = try DataLayout(
                existing: options.value(.data), masterKey: options.optionalValue(.masterKey))
            let log = try LogReader(directory: layout.log)
            let keys = try layout.readKeys(of: log)
            let file = try options.value(.keysFile)
            let accounts = try KeyBackup.write(keys, to: file, passphrase: passphrase)
            var json = JSONObject()
            json.add("file", file)
            json.add("accounts", accounts)
            try Console.result(json.line)
        }
    }
}
