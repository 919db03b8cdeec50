internal import Sealing

extension DataLayout {
    /// Opens the keys of the log in this directory, as the process that writes it.
    ///
    /// - Parameters:
    ///   - identity: of the log.
    ///   - isNew: whether the log has no events, so that keys may be made.
    func ownKeys(of identity: [UInt8], isNew: Bool) throws(KeyError) -> Keyring {
        try Keyring.open(keyFiles, log: identity, isNew: isNew)
    }

    /// Opens the keys of the log in this directory to read it, beside a server that may own them.
    func readKeys(of identity: [UInt8]) throws(KeyError) -> Keyring { try Keyring.read(keyFiles, log: identity) }
}
