public import Microblog

/// A name as a JSON string with its quotes. It is lent, and valid only during the call that lends it.
public struct AccountName {
    /// At least 24 bytes can be read from here.
    let start: UnsafeRawPointer
    /// How many bytes it has.
    public let count: Int

    /// How many bytes beyond the name ``write(to:)`` may touch.
    public static var margin: Int { 24 }

    /// Writes the name. Most names are short, and are copied in words without a look at the exact length.
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
    /// The best number of accounts for one call of ``withNames(of:_:)``: their look-ups wait for memory together.
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
