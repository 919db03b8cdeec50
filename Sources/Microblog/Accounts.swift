/// Makes an account, with a first key if one is given.
public struct RegisterAccount: CommandBody {
    static let code: UInt8 = 1
    public let handle: Handle
    public let name: DisplayName
    public let role: Role
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
        by issuer: Issuer, limits _: Limits, facts: inout Known
    ) throws(Rejection) -> Event? {
        try facts.requireKnown(issuer)
        guard facts.lastEvent(of: .handle(handle)) == nil else { throw .handleTaken(handle) }
        if let key { try facts.requireUnused(key) }
        return .accountRegistered(AccountRegistered(handle: handle, name: name, role: role, key: key))
    }
}

/// An account came to be; its id is the event's position.
public struct AccountRegistered: EventBody {
    public static var type: EventType { EventType(code: 1, name: "account_registered") }
    public let handle: Handle
    public let name: DisplayName
    public let role: Role
    public let key: KeyHash?

    /// The account with these values came to be.
    public init(handle: Handle, name: DisplayName, role: Role, key: KeyHash?) {
        self.handle = handle
        self.name = name
        self.role = role
        self.key = key
    }

    func write(to fields: inout some FieldWriter) {
        fields.handle(.handle, handle)
        fields.personal(.name, name.text)
        fields.code(.role, role)
        fields.hash(.keyHash, key)
    }

    init(from fields: inout FieldReader) throws(EventDecodingError) {
        handle = try fields.handle(.handle)
        name = DisplayName(stored: try fields.personal(.name))
        role = try fields.code(.role)
        key = try fields.optionalKey(.keyHash)
    }

    func streams(at position: UInt64, by _: Issuer) -> BoundStreams {
        BoundStreams(.account(AccountID(position)), .names(handle, key))
    }

    var event: Event { .accountRegistered(self) }
}
