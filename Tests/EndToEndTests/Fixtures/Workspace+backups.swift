import ContractChecks
import FoundationEssentials
import Glibc

extension Workspace {
    /// A file of a backup, and a directory to restore it into.
    var backup: String { path + "/backup" }
    var restored: String { path + "/restored" }

    /// Takes a backup of the data directory.
    func backUp(_ more: String...) throws -> JSONValue {
        try json(of: ["backup", "--data", data, backup] + more)
    }

    /// Restores the backup, with the keys as they are now.
    func restore(_ more: String...) throws -> JSONValue {
        try json(of: ["restore", "--data", restored, backup] + keyOptions() + more)
    }

    /// Takes a backup of the keys.
    ///
    /// - Returns: the options with which they are restored.
    func keyOptions() throws -> [String] {
        let (file, passphrase) = (path + "/keys-backup", try write("passphrase", "correct horse\n"))
        unlink(file)
        _ = try json(of: ["keys", "backup", "--data", data, file, "--passphrase-file", passphrase])
        return ["--keys", file, "--passphrase-file", passphrase]
    }

    /// What a subcommand prints that must succeed.
    func json(of arguments: [String]) throws -> JSONValue {
        let outcome = try start(arguments).wait()
        guard outcome.status == 0, let json = outcome.json else { throw Unexpected("\(outcome)") }
        return json
    }

    /// Checks that the restored directory is what the data directory was at the position of the backup. A copy of the
    /// data directory is brought to that position.
    func requireRestored(at position: Int) throws {
        let until = ["--until", "\(position)"]
        let expected = try start(["export", "--data", data] + until).wait().output
        guard try start(["export", "--data", restored]).wait().output == expected else {
            throw Unexpected("the restored events are others")
        }
        let replayed = path + "/replayed"
        defer { try? FileManager.default.removeItem(atPath: replayed) }
        let replay = try start(["replay", "--data", data, "--into", replayed] + until).wait()
        guard replay.status == 0 else { throw Unexpected("\(replay)") }
        let (found, wanted) = (try digest(restored), try digest(replayed))
        guard found == wanted else { throw Unexpected("the digests are \(found), and should be \(wanted)") }
        let verified = try martlet("verify", "--data", restored)
        guard verified.status == 0 else { throw Unexpected("\(verified)") }
    }

    /// What is in the workspace, but for the outputs of processes and the backup of keys.
    var names: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: path)
                .filter { !$0.hasPrefix("output-") && !["keys-backup", "passphrase"].contains($0) }.sorted()
        }
    }

    func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
