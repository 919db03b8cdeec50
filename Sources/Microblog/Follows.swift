/// Follows an account.
public struct FollowAccount: CommandBody {
    static let code: UInt8 = 8
    public let account: AccountID

    /// Wants the issuer to follow an account. This must be another account than the issuer.
    public init(_ account: AccountID) { self.account = account }

    func encode(into bytes: inout [UInt8]) { bytes.append(account) }

    func decide<Known: Facts & ~Copyable>(
        by issuer: Issuer, limits _: Limits, facts: inout Known
    ) throws(Rejection) -> Event? {
        let follower = try facts.requireAccount(behind: issuer)
        guard account != follower else { throw .cannotFollowYourself }
        return try facts.follows(follower, account) ? nil : .accountFollowed(AccountFollowed(account))
    }
}

/// Ends following an account.
public struct UnfollowAccount: CommandBody {
    static let code: UInt8 = 9
    public let account: AccountID

    /// Wants the issuer not to follow an account any more.
    public init(_ account: AccountID) { self.account = account }

    func encode(into bytes: inout [UInt8]) { bytes.append(account) }

    func decide<Known: Facts & ~Copyable>(
        by issuer: Issuer, limits _: Limits, facts: inout Known
    ) throws(Rejection) -> Event? {
        let follower = try facts.requireAccount(behind: issuer)
        return try facts.follows(follower, account) ? .accountUnfollowed(AccountUnfollowed(account)) : nil
    }
}

/// The issuer follows this account from now on.
public struct AccountFollowed: EventBody {
    public static var type: EventType { EventType(code: 8, name: "account_followed") }
    public let account: AccountID

    /// The account is followed.
    public init(_ account: AccountID) { self.account = account }

    func write(to fields: inout some FieldWriter) { fields.id(.account, account) }

    init(from fields: inout FieldReader) throws(EventDecodingError) { account = try fields.id(.account) }

    func streams(at _: UInt64, by issuer: Issuer) -> BoundStreams {
        BoundStreams(.follow(AccountID(issuer.rawValue), of: account))
    }

    var event: Event { .accountFollowed(self) }
}

/// The issuer no longer follows this account.
public struct AccountUnfollowed: EventBody {
    public static var type: EventType { EventType(code: 9, name: "account_unfollowed") }
    public let account: AccountID

    /// The account is not followed any more.
    public init(_ account: AccountID) { self.account = account }

    func write(to fields: inout some FieldWriter) { fields.id(.account, account) }

    init(from fields: inout FieldReader) throws(EventDecodingError) { account = try fields.id(.account) }

    func streams(at _: UInt64, by issuer: Issuer) -> BoundStreams {
        BoundStreams(.follow(AccountID(issuer.rawValue), of: account))
    }

    var event: Event { .accountUnfollowed(self) }
}

extension Facts where Self: ~Copyable {
    /// Whether an account follows another.
    ///
    /// - Throws: `unknownAccount` if the other does not exist.
    fileprivate mutating func follows(_ follower: AccountID, _ account: AccountID) throws(Rejection) -> Bool {
        try requireAccount(account)
        return lastEvent(of: .follow(follower, of: account)) == AccountFollowed.type
    }
}
