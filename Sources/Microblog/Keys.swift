/// Lets a further key act for an account.
public struct IssueKey: CommandBody {
    static let code: UInt8 = 2
    public let account: AccountID
    public let key: KeyHash

    /// Wants a key that was never used before to act for an account.
    public init(account: AccountID, key: KeyHash) {
        self.account = account
        self.key = key
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.append(account)
        bytes.append(key)
    }

    func decide<Known: Facts & ~Copyable>(
        by issuer: Issuer, limits _: Limits, facts: inout Known
    ) throws(Rejection) -> Event? {
        try facts.requireKnown(issuer)
        try facts.requireAccount(account)
        try facts.requireUnused(key)
        return .keyIssued(KeyIssued(account: account, key: key))
    }
}

/// Ends a key for good.
public struct RevokeKey: CommandBody {
    static let code: UInt8 = 3
    public let key: KeyHash

    /// Wants a key to be valid no longer.
    public init(_ key: KeyHash) { self.key = key }

    func encode(into bytes: inout [UInt8]) { bytes.append(key) }

    func decide<Known: Facts & ~Copyable>(
        by issuer: Issuer, limits _: Limits, facts: inout Known
    ) throws(Rejection) -> Event? {
        try facts.requireKnown(issuer)
        guard let last = facts.lastEvent(of: .key(key)) else { throw .unknownKey(key) }
        return last == KeyRevoked.type ? nil : .keyRevoked(KeyRevoked(key))
    }
}

/// A further key acts for an account.
public struct KeyIssued: EventBody {
    public static var type: EventType { EventType(code: 2, name: "key_issued") }
    public let account: AccountID
    public let key: KeyHash

    /// The key acts for the account.
    public init(account: AccountID, key: KeyHash) {
        self.account = account
        self.key = key
    }

    func write(to fields: inout some FieldWriter) {
        fields.id(.account, account)
        fields.hash(.keyHash, key)
    }

    init(from fields: inout FieldReader) throws(EventDecodingError) {
        account = try fields.id(.account)
        key = try fields.hash(.keyHash)
    }

    func streams(at _: UInt64, by _: Issuer) -> BoundStreams { BoundStreams(.key(key)) }

    var event: Event { .keyIssued(self) }
}

/// A key is not valid any more.
public struct KeyRevoked: EventBody {
    public static var type: EventType { EventType(code: 3, name: "key_revoked") }
    public let key: KeyHash

    /// The key is not valid any more.
    public init(_ key: KeyHash) { self.key = key }

    func write(to fields: inout some FieldWriter) { fields.hash(.keyHash, key) }

    init(from fields: inout FieldReader) throws(EventDecodingError) { key = try fields.hash(.keyHash) }

    func streams(at _: UInt64, by _: Issuer) -> BoundStreams { BoundStreams(.key(key)) }

    var event: Event { .keyRevoked(self) }
}

extension Facts where Self: ~Copyable {
    /// - Throws: `keyInUse` if the key was ever issued, even if it was revoked since. A key that leaked must not come
    ///   back.
    mutating func requireUnused(_ key: KeyHash) throws(Rejection) {
        guard lastEvent(of: .key(key)) == nil else { throw .keyInUse(key) }
    }
}
