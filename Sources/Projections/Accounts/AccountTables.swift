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
    /// position of a change of name or handle (8) -> account (8): tells ``NameCache`` which names it must forget
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

/// An account: a view of its row. It lives as long as its snapshot.
///
/// Row: time of registration (8, big-endian), role (1), length of the handle (1), handle, name in UTF-8.
public struct AccountRow {
    /// Its id.
    public let id: AccountID
    private let bytes: UnsafeRawBufferPointer
    private let handleEnd: Int

    static let headerSize = 10

    init(id: AccountID, _ bytes: UnsafeRawBufferPointer) throws(ViewCorruption) {
        guard bytes.count >= Self.headerSize, bytes.count >= Self.headerSize + Int(bytes[9]) else {
            throw ViewCorruption(table: "accounts", key: "\(id)")
        }
        handleEnd = Self.headerSize + Int(bytes[9])
        self.id = id
        self.bytes = bytes
    }

    /// When it was registered, in milliseconds since 1970 UTC.
    public var time: Int64 { Int64(bitPattern: bytes.bigEndianUInt64(at: 0)) }
    /// What it may do.
    public var role: Role { Role(rawValue: bytes[8]) ?? .member }
    /// The handle, in ASCII.
    public var handle: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[Self.headerSize..<handleEnd]) }
    /// The name, in UTF-8.
    public var name: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[handleEnd...]) }

    static func append(time: Int64, role: Role, handle: Handle, name: DisplayName, to row: inout [UInt8]) {
        row.append(bigEndian: time)
        row.append(role.rawValue)
        row.append(UInt8(handle.count))
        handle.append(to: &row)
        row += name.text.utf8
    }
}
