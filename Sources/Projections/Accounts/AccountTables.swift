internal import Bytes
internal import LMDB
public import Microblog

/// The tables of accounts.
struct AccountTables: Sendable {
    /// account (8) -> ``AccountRow``
    let accounts: Table
    /// handle -> account (8)
    let handles: Table
    /// key hash (32) -> account (8); a revoked key has no row
    let keys: Table
    /// position of a change of name or handle (8) -> account (8): tells ``NameCache`` what it must forget
    let changes: Table

    init(_ environment: Environment) throws {
        accounts = try environment.table("accounts")
        handles = try environment.table("handles")
        keys = try environment.table("keys")
        changes = try environment.table("account_changes")
    }

    var all: [Table] { [accounts, handles, keys, changes] }
}

extension ViewSnapshot {
    /// An account, or `nil`.
    public func account(_ id: AccountID) throws -> AccountRow? {
        try get(tables.accounts.accounts, RowKey(id.rawValue)).map { try AccountRow(id: id, $0) }
    }

    /// The account with a handle, or `nil`.
    public func account(with handle: Handle) throws -> AccountID? {
        try number(get(tables.accounts.handles, RowKey(handle)), "handles").map { AccountID($0) }
    }

    /// The account that a key acts for, or `nil`.
    public func account(with key: KeyHash) throws -> AccountID? {
        try number(get(tables.accounts.keys, RowKey(key.rawValue)), "keys").map { AccountID($0) }
    }
}

extension RowKey {
    /// A handle's characters.
    init(_ handle: Handle) {
        var bytes: [UInt8] = []
        handle.append(to: &bytes)
        self = bytes.withUnsafeBytes { RowKey($0) }
    }
}
