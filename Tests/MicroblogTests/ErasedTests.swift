import Microblog
import TestSupport
import Testing

/// What stands in place of what nobody can read any more.
@Suite struct ErasedTests {
    private let account = AccountID(17)

    @Test func `An event without its personal part is the same one with the values of an erased person`() throws {
        let content = PostPublished(text: "hi", replyTo: PostID(3), media: [MediaID(2)])
        #expect(
            try erased(.postPublished(content))
                == .postPublished(PostPublished(text: "", replyTo: PostID(3), media: [MediaID(2)])))
        let handle = try Handle("erased-17")
        let name = try DisplayName("erased")
        let key = KeyHash(filledWith: 1)
        let registered = AccountRegistered(
            handle: try Handle("ann"), name: try DisplayName("Ann"), role: .admin, key: key)
        #expect(
            try erased(.accountRegistered(registered))
                == .accountRegistered(AccountRegistered(handle: handle, name: name, role: .admin, key: key)))
        for previous in [nil, try Handle("ann")] {
            let changed = AccountChanged(
                account: account, name: try DisplayName("Ann"), handle: try Handle("anna"), previousHandle: previous)
            #expect(
                try erased(.accountChanged(changed))
                    == .accountChanged(
                        AccountChanged(account: account, name: name, handle: handle, previousHandle: nil)))
        }
    }

    @Test func `The first schemas have handles that are not sealed`() throws {
        let registration = try Event.decode(type: 1, schema: 1, payload: bytes("03616e6e0100"), erased: account)
        guard case .accountRegistered(let registered) = registration else {
            Issue.record("\(registration)")
            return
        }
        #expect(registered.handle == (try Handle("ann")))
        #expect(registered.name == Erased.name)
    }

    @Test func `An event without anything personal is as it was`() throws {
        var random = SplitMix64(seed: 3)
        for event in random.events() where event.encode().personal.isEmpty { #expect(try erased(event) == event) }
    }

    @Test func `The payload of an erased event is read as strictly as ever`() {
        var random = SplitMix64(seed: 4)
        for event in random.events() {
            let whole = event.encode()
            for payload in [whole.payload.dropLast(), whole.payload + [0]] {
                #expect(throws: EventDecodingError.self) {
                    try Event.decode(
                        type: whole.type.code, schema: whole.schema, payload: Array(payload), erased: account)
                }
            }
        }
    }

    @Test(arguments: [1, 17, UInt64(Int64.max), .max])
    func `The handle of an erased account is a handle, and no other account's`(id: UInt64) throws {
        let handle = Erased.handle(of: AccountID(id))
        #expect("\(handle)" == "erased-\(id)")
        #expect(try Handle("\(handle)") == handle)
        #expect(handle != Erased.handle(of: AccountID(id - 1)))
    }

    @Test(arguments: ["erased-17", "Erased-17", "erased-0", "erased-00000000000000000000001"])
    func `Nobody can take the handle of an erased account`(text: String) throws {
        var history = History()
        let ann = AccountID(history.given(registration(try Handle("ann"))))
        let handle = try Handle(text)
        let name = try DisplayName("Mallory")
        #expect(throws: Rejection.handleTaken(handle)) {
            try history.when(
                .operator, .registerAccount(RegisterAccount(handle: handle, name: name, role: .member, key: nil)))
        }
        #expect(throws: Rejection.handleTaken(handle)) {
            try history.when(ann, .changeAccount(ChangeAccount(account: ann, name: nil, handle: handle)))
        }
    }

    @Test(arguments: ["erased", "erased-", "erased-ann", "erased-1a", "erased_17", "erased.17", "unerased-17"])
    func `Handles that only look like it are free`(text: String) throws {
        let history = History()
        let command = RegisterAccount(
            handle: try Handle(text), name: try DisplayName("Mallory"), role: .member, key: nil)
        #expect(try history.when(.operator, .registerAccount(command)) != nil)
    }

    @Test func `An erased account keeps its handles, also one that it gave up`() throws {
        var history = History()
        let ann = try Handle("ann")
        let registered = try erased(registration(ann))
        let account = AccountID(history.given(registered))
        #expect(account == AccountID(1))
        let changed = AccountChanged(
            account: account, name: try DisplayName("Ann"), handle: try Handle("anna"), previousHandle: ann)
        history.given(.accountChanged(changed))
        history.time += Limits.defaultHandleHold
        let command = Command.registerAccount(
            RegisterAccount(handle: ann, name: try DisplayName("Mallory"), role: .member, key: nil))
        // As long as the change can be read, the handle is free after the hold.
        #expect(try history.when(.operator, command) != nil)
        history.forget(at: 2, try erased(.accountChanged(changed), of: account))
        #expect(throws: Rejection.handleTaken(ann)) { try history.when(.operator, command) }
    }

    private func registration(_ handle: Handle) -> Event {
        .accountRegistered(AccountRegistered(handle: handle, name: try! DisplayName("Ann"), role: .member, key: nil))
    }

    private func erased(_ event: Event) throws -> Event { try erased(event, of: account) }

    private func erased(_ event: Event, of account: AccountID) throws -> Event {
        let encoded = event.encode()
        return try Event.decode(
            type: encoded.type.code, schema: encoded.schema, payload: encoded.payload, erased: account)
    }
}
