package import EventLog
package import Sealing

extension DataLayout {
    /// Opens the keys of the log in this directory, as the process that writes it.
    ///
    /// - Parameters:
    ///   - identity: of the log.
    ///   - isNew: whether the log has no events, so that keys may be made.
    func ownKeys(of identity: [UInt8], isNew: Bool) throws(KeyError) -> Keyring {
        try Keyring.open(keyFiles, log: identity, isNew: isNew)
    }

    /// Opens the keys of a log in this directory to read it, beside a server that may own them.
    ///
    /// - Throws: `KeyError`, also when they are an older copy; why the log cannot be read.
    package func readKeys(of log: LogReader) throws -> Keyring {
        // Before the keys: a server that goes on registers accounts.
        let newest = try log.newestKey
        let keys = try Keyring.read(keyFiles, log: log.identity)
        try keys.requireAccount(newest)
        return keys
    }
}
