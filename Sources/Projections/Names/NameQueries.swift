public import Microblog

/// A name as a JSON string with its quotes. Lent, and gone with the call that lent it.
public struct AccountName {
    /// At least 24 bytes can be read from here.
    let start: UnsafeRawPointer
    /// How many bytes it has.
    public let count: Int

    /// How many bytes beyond the name ``write(to:)`` may touch.
    public static var margin: Int { 24 }

    /// Writes the name. Most names are short, and are copied without asking how short.
    ///
    /// - Parameter target: has room for the name and for ``margin``.
    @inline(__always)
    public func write(to target: UnsafeMutablePointer<UInt8>) {
        let target = UnsafeMutableRawPointer(target)
        guard count <= 24 else { return target.copyMemory(from: start, byteCount: count) }
        target.storeBytes(of: start.loadUnaligned(as: (UInt64, UInt64, UInt64).self), as: (UInt64, UInt64, UInt64).self)
    }
}

extension ViewSnapshot {
    /// How many accounts are best given to ``withNames(of:_:)`` at once: their look-ups then wait for memory together.
    public static var namesAtOnce: Int { 32 }

    /// Lends the names of accounts, each as a JSON string with its quotes, in the order of the accounts.
    ///
    /// - Parameter body: gets each account with its name, which is lent for the call.
    /// - Throws: ``ViewCorruption`` when an account is not there; what `body` throws.
    @inline(__always)
    public func withNames(
        of accounts: UnsafeBufferPointer<AccountID>, _ body: (AccountID, AccountName) throws -> Void
    ) throws {
        let names = names ?? NameCache(memory: 0)
        try names.follow(self)
        names.touch(accounts)
        for account in accounts {
            try names.withName(of: account, self) { try body(account, $0) }
        }
    }

    /// Lends the name of an account as a JSON string with its quotes.
    ///
    /// - Throws: ``ViewCorruption`` when the account is not there; what `body` throws.
    @inline(__always)
    public func withName<Result>(
        of account: AccountID, _ body: (AccountName) throws -> Result
    ) throws -> Result {
        let names = names ?? NameCache(memory: 0)
        try names.follow(self)
        return try names.withName(of: account, self, body)
    }
}
