/// Makes an account, with a first key if one is given.
public struct RegisterAccount: CommandBody {
    static let code: UInt8 = 1
    public let handle: Handle
    public let name: DisplayName
    public let role: Role
    /// Its first access key; `nil` for none.
    public let key: KeyHash?

    /// Wants an account that has this handle, which must be free.
    public init(handle: Handle, name: DisplayName, role: Role, key: KeyHash?) {
        self.handle = handle
        self.name = name
        self.role = role
        self.key = key
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.append(handle)
        bytes.append(counted: name.text)
        bytes.append(role.rawValue)
        bytes.append(key)
    }

    func decide<Known: Facts & ~Copyable>(
        by issuer: Issuer, limits: Limits, facts: inout Known
    ) throws(Rejection) -> Event? {
        try facts.requireKnown(issuer)
        try facts.requireFree(handle, for: nil, limits)
        if let key { try facts.requireUnused(key) }
        return .accountRegistered(AccountRegistered(handle: handle, name: name, role: role, key: key))
    }
}

/// Gives an account another name, another handle, or both.
public struct ChangeAccount: CommandBody {
    static let code: UInt8 = 12
    public let account: AccountID
    /// `nil` leaves the name as it is.
    public let name: DisplayName?
    /// `nil` leaves the handle as it is.
    public let handle: Handle?

    /// Wants an account to have this name and this handle; `nil` leaves them as they are.
    public init(account: AccountID, name: DisplayName?, handle: Handle?) {
        self.account = account
        self.name = name
        self.handle = handle
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.append(account)
        bytes.append(name == nil ? 0 : 1)
        if let name { bytes.append(counted: name.text) }
        bytes.append(handle)
    }

    func decide<Known: Facts & ~Copyable>(
        by issuer: Issuer, limits: Limits, facts: inout Known
    ) throws(Rejection) -> Event? {
        try facts.requireKnown(issuer)
        if case .account(let itself) = issuer, itself != account { throw .notYourAccount(account) }
        try facts.requireAccount(account)
        guard let old = facts.names(of: account) else { throw .unknownAccount(account) }
        let name = name ?? old.name
        let handle = handle ?? old.handle
        // Bytes are compared. Two forms of a letter are equal as strings, but an account that writes the other form
        // wants it.
        if handle == old.handle, name.text.utf8.elementsEqual(old.name.text.utf8) { return nil }
        if handle != old.handle { try facts.requireFree(handle, for: account, limits) }
        return .accountChanged(
            AccountChanged(
                account: account, name: name, handle: handle,
                previousHandle: handle == old.handle ? nil : old.handle))
    }
}

/// An account was registered. Its id is the event's position.
public struct AccountRegistered: EventBody {
    /// Schema 1 had the handle in the payload.
    public static var type: EventType { EventType(code: 1, name: "account_registered", schema: 2) }
    public let handle: Handle
    public let name: DisplayName
    public let role: Role
    /// Its first access key; `nil` for none.
    public let key: KeyHash?

    /// The account with these values was registered.
    public init(handle: Handle, name: DisplayName, role: Role, key: KeyHash?) {
        self.handle = handle
        self.name = name
        self.role = role
        self.key = key
    }

    func write(to fields: inout some FieldWriter) {
        fields.handle(.handle, handle)
        fields.name(.name, name)
        fields.code(.role, role)
        fields.hash(.keyHash, key)
    }

    init(from fields: inout FieldReader) throws(EventDecodingError) {
        handle = fields.schema == 1 ? try fields.plainHandle(.handle) : try fields.handle(.handle)
        name = try fields.name(.name)
        role = try fields.code(.role)
        key = try fields.optionalKey(.keyHash)
    }

    func streams(at position: UInt64, by _: Issuer) -> BoundStreams {
        BoundStreams(.account(AccountID(position)), .names(handle, key))
    }

    func subject(at position: UInt64, by _: Issuer) -> AccountID? { AccountID(position) }

    var event: Event { .accountRegistered(self) }
}

/// An account has another name, another handle, or both. The event holds both in full, so that the newest change is
/// enough.
public struct AccountChanged: EventBody {
    /// Schema 1 had the handles in the payload.
    public static var type: EventType { EventType(code: 12, name: "account_changed", schema: 2) }
    public let account: AccountID
    /// The name that it has from now on.
    public let name: DisplayName
    /// The handle that it has from now on.
    public let handle: Handle
    /// The handle that it gave up; `nil` if it kept its handle.
    public let previousHandle: Handle?

    /// The account has this name and this handle now.
    public init(account: AccountID, name: DisplayName, handle: Handle, previousHandle: Handle?) {
        self.account = account
        self.name = name
        self.handle = handle
        self.previousHandle = previousHandle
    }

    func write(to fields: inout some FieldWriter) {
        fields.id(.account, account)
        fields.handle(.handle, handle)
        fields.handle(.previousHandle, previousHandle)
        fields.name(.name, name)
    }

    init(from fields: inout FieldReader) throws(EventDecodingError) {
        account = try fields.id(.account)
        if fields.schema == 1 {
            handle = try fields.plainHandle(.handle)
            previousHandle = try fields.optionalPlainHandle(.previousHandle)
        } else {
            handle = try fields.handle(.handle)
            previousHandle = try fields.optionalHandle(.previousHandle)
        }
        name = try fields.name(.name)
    }

    /// The account's own stream is not among them: that stream tells only whether the account exists.
    func streams(at _: UInt64, by _: Issuer) -> BoundStreams {
        BoundStreams(.name(account), previousHandle.map { .handles(handle, $0) } ?? .none)
    }

    func subject(at _: UInt64, by _: Issuer) -> AccountID? { account }

    var event: Event { .accountChanged(self) }
}

extension Facts where Self: ~Copyable {
    /// The name and the handle that an account has now; `nil` if it was never registered.
    fileprivate mutating func names(of account: AccountID) -> (name: DisplayName, handle: Handle)? {
        if case .accountChanged(let changed)? = newest(of: .name(account))?.event {
            return (changed.name, changed.handle)
        }
        guard case .accountRegistered(let registered)? = event(at: account.rawValue)?.event else { return nil }
        return (registered.name, registered.handle)
    }

    /// Checks that an account can take a handle. The account has another handle now, or is about to be registered
    /// (`nil`).
    ///
    /// The newest event of the handle's stream gave it to an account or took it away. The account that gave it up can
    /// take it back at once, as long as nobody else took it. Others wait for ``Limits/handleHold``.
    ///
    /// An account that was erased keeps its handles: its events tell no more that one was given up.
    ///
    /// - Throws: `handleTaken` if an account has it, or it is kept for erased ones (``Erased``); `handleHeld` if it was
    ///   given up too recently.
    fileprivate mutating func requireFree(
        _ handle: Handle, for account: AccountID?, _ limits: Limits
    ) throws(Rejection) {
        guard !Erased.reserves(handle) else { throw .handleTaken(handle) }
        guard lastEvent(of: .handle(handle)) != nil else { return }
        guard let last = newest(of: .handle(handle)), case .accountChanged(let change) = last.event,
            change.previousHandle == handle
        else { throw .handleTaken(handle) }
        guard change.account != account else { return }
        let (end, overflow) = last.time.addingReportingOverflow(limits.handleHold)
        guard overflow || time < end else { return }
        let until = overflow ? Timestamp.writable.upperBound : Timestamp(end)
        throw .handleHeld(handle, until: min(max(until, Timestamp.writable.lowerBound), Timestamp.writable.upperBound))
    }
}
