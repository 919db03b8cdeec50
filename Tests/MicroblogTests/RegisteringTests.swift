import Microblog
import Testing

@Suite struct RegisteringTests {
    private let key = KeyHash(filledWith: 1)

    @Test func `The operator registers the first account`() throws {
        let history = History()
        let event = try history.when(
            .operator,
            .registerAccount(
                RegisterAccount(handle: try Handle("ann"), name: try DisplayName("Ann"), role: .admin, key: key)))
        #expect(
            event
                == .accountRegistered(
                    AccountRegistered(handle: try Handle("ann"), name: try DisplayName("Ann"), role: .admin, key: key)))
    }

    @Test func `An account registers another`() throws {
        var history = History()
        let admin = try history.givenAccount("admin")
        #expect(try history.when(admin, .register("bob"))?.type == AccountRegistered.type)
    }

    @Test func `An account that does not exist registers nobody`() throws {
        #expect(throws: Rejection.unknownAccount(AccountID(5))) {
            try History().when(AccountID(5), .register("bob"))
        }
    }

    @Test func `A taken handle is rejected whatever its case`() throws {
        var history = History()
        _ = try history.givenAccount("ann")
        #expect(throws: Rejection.handleTaken(try Handle("ann"))) { try history.when(.operator, .register("aNN")) }
    }

    @Test func `A key of another account is rejected`() throws {
        var history = History()
        _ = try history.givenAccount("ann", key: key)
        #expect(throws: Rejection.keyInUse(key)) { try history.when(.operator, .register("bob", key: key)) }
    }

    @Test func `A revoked key is rejected for a new account`() throws {
        var history = History()
        _ = try history.givenAccount("ann", key: key)
        history.given(.keyRevoked(KeyRevoked(key)))
        #expect(throws: Rejection.keyInUse(key)) { try history.when(.operator, .register("bob", key: key)) }
    }
}
