import Microblog
import Testing

/// An account takes another name or another handle, and what becomes of the handle that it gives up.
@Suite struct ChangingAccountTests {
    private var history = History()
    private let ann: AccountID
    private let bob: AccountID
    private let limits = Limits(handleHold: 1_000)

    init() throws {
        ann = try history.givenAccount("ann")
        bob = try history.givenAccount("bob")
    }

    @Test func `An account changes its name and keeps its handle`() throws {
        let event = try when(ann, name: "Ann Lee")
        #expect(event == .accountChanged(try changed(ann, name: "Ann Lee", handle: "ann")))
    }

    @Test func `An account changes its handle and keeps its name`() throws {
        let event = try when(ann, handle: "lee")
        #expect(event == .accountChanged(try changed(ann, name: "ann", handle: "lee", previous: "ann")))
    }

    @Test func `Both change in one event`() throws {
        let event = try when(ann, name: "Ann Lee", handle: "lee")
        #expect(event == .accountChanged(try changed(ann, name: "Ann Lee", handle: "lee", previous: "ann")))
    }

    @Test func `A second change begins where the first one ended`() throws {
        var history = history
        history.given(.accountChanged(try changed(ann, name: "Ann Lee", handle: "lee", previous: "ann")))
        #expect(
            try when(history, ann, handle: "ann.lee")
                == .accountChanged(try changed(ann, name: "Ann Lee", handle: "ann.lee", previous: "lee")))
        history.given(.accountChanged(try changed(ann, name: "Ann L.", handle: "lee")))
        #expect(
            try when(history, ann, handle: "ann.lee")
                == .accountChanged(try changed(ann, name: "Ann L.", handle: "ann.lee", previous: "lee")))
        #expect(
            try when(history, ann, name: "A.")
                == .accountChanged(try changed(ann, name: "A.", handle: "lee")))
    }

    @Test func `What is already so is not an event`() throws {
        #expect(try when(ann) == nil)
        #expect(try when(ann, name: "ann") == nil)
        #expect(try when(ann, handle: "ann") == nil)
        #expect(try when(ann, name: " ann ", handle: "ANN") == nil)
    }

    @Test func `Another form of the same letter is another name`() throws {
        var history = history
        history.given(.accountChanged(try changed(ann, name: "\u{e9}", handle: "ann")))
        #expect(try when(history, ann, name: "\u{e9}") == nil)
        #expect(try when(history, ann, name: "e\u{301}") != nil)
    }

    @Test func `A handle that another account has is taken, whatever its case`() throws {
        for text in ["bob", "BoB"] {
            #expect(throws: Rejection.handleTaken(try Handle("bob"))) { try when(ann, handle: text) }
        }
    }

    @Test func `A handle that another account changed to is taken`() throws {
        var history = history
        history.given(.accountChanged(try changed(bob, name: "bob", handle: "rob", previous: "bob")))
        history.time += 1_000_000
        #expect(throws: Rejection.handleTaken(try Handle("rob"))) { try when(history, ann, handle: "rob") }
        #expect(throws: Rejection.handleTaken(try Handle("rob"))) {
            try history.when(.operator, .register("rob"), limits: limits)
        }
    }

    @Test func `The last owner takes a handle back at once`() throws {
        var history = history
        history.given(.accountChanged(try changed(ann, name: "ann", handle: "lee", previous: "ann")))
        #expect(
            try when(history, ann, handle: "Ann")
                == .accountChanged(try changed(ann, name: "ann", handle: "ann", previous: "lee")))
    }

    @Test func `Others wait until the hold has passed to the millisecond`() throws {
        var history = history
        let freed = history.time
        let handle = try Handle("ann")
        history.given(.accountChanged(try changed(ann, name: "ann", handle: "lee", previous: "ann")))
        let held = Rejection.handleHeld(handle, until: Timestamp(freed + 1_000))
        for passed in [0, 1, 999] as [Int64] {
            history.time = freed + passed
            #expect(throws: held) { try when(history, bob, handle: "ann") }
            #expect(throws: held) { try history.when(.operator, .register("ann"), limits: limits) }
        }
        history.time = freed + 1_000
        #expect(
            try when(history, bob, handle: "ann")
                == .accountChanged(try changed(bob, name: "bob", handle: "ann", previous: "bob")))
        #expect(try history.when(.operator, .register("ann"), limits: limits)?.type == AccountRegistered.type)
    }

    @Test func `A handle is held for thirty days unless the operator says otherwise`() throws {
        var history = history
        let freed = history.time
        history.given(.accountChanged(try changed(ann, name: "ann", handle: "lee", previous: "ann")))
        let change = Command.changeAccount(ChangeAccount(account: bob, name: nil, handle: try Handle("ann")))
        history.time = freed + 30 * 86_400_000 - 1
        #expect(throws: Rejection.handleHeld(try Handle("ann"), until: Timestamp(freed + 30 * 86_400_000))) {
            try history.when(bob, change)
        }
        history.time += 1
        #expect(try history.when(bob, change) != nil)
    }

    @Test func `A hold without end names the last moment that can be written`() throws {
        var history = history
        history.given(.accountChanged(try changed(ann, name: "ann", handle: "lee", previous: "ann")))
        #expect(throws: Rejection.handleHeld(try Handle("ann"), until: Timestamp.writable.upperBound)) {
            try history.when(.operator, .register("ann"), limits: Limits(handleHold: .max))
        }
    }

    @Test func `Whom a handle went to has it, and the last owner waits like all others`() throws {
        var history = history
        history.given(.accountChanged(try changed(ann, name: "ann", handle: "lee", previous: "ann")))
        history.given(.accountChanged(try changed(bob, name: "bob", handle: "ann", previous: "bob")))
        #expect(throws: Rejection.handleTaken(try Handle("ann"))) { try when(history, ann, handle: "ann") }
        let freed = history.time
        history.given(.accountChanged(try changed(bob, name: "bob", handle: "bob", previous: "ann")))
        #expect(throws: Rejection.handleHeld(try Handle("ann"), until: Timestamp(freed + 1_000))) {
            try when(history, ann, handle: "ann")
        }
        #expect(try when(history, bob, handle: "ann") != nil)
    }

    @Test func `A handle that was given up and registered anew is taken`() throws {
        var history = history
        history.given(.accountChanged(try changed(ann, name: "ann", handle: "lee", previous: "ann")))
        _ = try history.givenAccount("ann")
        #expect(throws: Rejection.handleTaken(try Handle("ann"))) { try when(history, ann, handle: "ann") }
    }

    @Test func `Two accounts swap their handles once both are free`() throws {
        var history = history
        func change(_ account: AccountID, to handle: String) throws {
            let event = try #require(try when(history, account, handle: handle))
            history.given(event, by: .account(account))
        }
        try change(ann, to: "x")
        history.time += 1_000
        try change(bob, to: "ann")
        history.time += 1_000
        try change(ann, to: "bob")
        #expect(try when(history, ann, handle: "bob") == nil)
        #expect(try when(history, bob, handle: "ann") == nil)
    }

    @Test func `A change of the name leaves the handle's stream alone`() throws {
        var history = history
        history.given(.accountChanged(try changed(ann, name: "Ann Lee", handle: "ann")))
        #expect(throws: Rejection.handleTaken(try Handle("ann"))) { try when(history, bob, handle: "ann") }
    }

    @Test func `Only the account itself and the operator change it`() throws {
        let change = Command.changeAccount(ChangeAccount(account: ann, name: try DisplayName("x"), handle: nil))
        #expect(try history.when(.operator, change) == .accountChanged(try changed(ann, name: "x", handle: "ann")))
        #expect(try history.when(ann, change) != nil)
        #expect(throws: Rejection.notYourAccount(ann)) { try history.when(bob, change) }
        #expect(throws: Rejection.unknownAccount(AccountID(99))) { try history.when(AccountID(99), change) }
    }

    @Test func `An account that does not exist is not changed`() throws {
        var history = history
        let post = history.givenPost(by: ann)
        for id in [AccountID(0), AccountID(post.rawValue), AccountID(99)] {
            let change = Command.changeAccount(ChangeAccount(account: id, name: try DisplayName("x"), handle: nil))
            #expect(throws: Rejection.unknownAccount(id)) { try history.when(.operator, change) }
        }
    }

    private func when(_ account: AccountID, name: String? = nil, handle: String? = nil) throws -> Event? {
        try when(history, account, name: name, handle: handle)
    }

    private func when(
        _ history: History, _ account: AccountID, name: String? = nil, handle: String? = nil
    ) throws -> Event? {
        let change = ChangeAccount(
            account: account, name: try name.map { try DisplayName($0) }, handle: try handle.map { try Handle($0) })
        return try history.when(account, .changeAccount(change), limits: limits)
    }

    private func changed(
        _ account: AccountID, name: String, handle: String, previous: String? = nil
    ) throws -> AccountChanged {
        AccountChanged(
            account: account, name: try DisplayName(name), handle: try Handle(handle),
            previousHandle: try previous.map { try Handle($0) })
    }
}
