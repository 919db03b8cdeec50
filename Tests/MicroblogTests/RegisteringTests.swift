import Microblog
import Testing

@Suite struct RegisteringTests {
    private let key = KeyHash(filledWith: 1)

    @Test func theOperatorRegistersTheFirstAccount() throws {
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

    @Test func anAccountRegistersAnother() throws {
        var history = History()
        let admin = try history.givenAccount("admin")
        #expect(try history.when(admin, .register("bob"))?.type == AccountRegistered.type)
    }

    @Test func anAccountThatDoesNotExistRegistersNobody() throws {
        #expect(throws: Rejection.unknownAccount(AccountID(5))) {
            try History().when(AccountID(5), .register("bob"))
        }
    }

    @Test func aTakenHandleIsRejectedWhateverItsCase() throws {
        var history = History()
        _ = try history.givenAccount("ann")
        #expect(throws: Rejection.handleTaken(try Handle("ann"))) { try history.when(.operator, .register("aNN")) }
    }

    @Test func aKeyOfAnotherAccountIsRejected() throws {
        var history = History()
        _ = try history.givenAccount("ann", key: key)
        #expect(throws: Rejection.keyInUse(key)) { try history.when(.operator, .register("bob", key: key)) }
    }

    @Test func aRevokedKeyIsRejectedForANewAccount() throws {
        var history = History()
        _ = try history.givenAccount("ann", key: key)
        history.given(.keyRevoked(KeyRevoked(key)))
        #expect(throws: Rejection.keyInUse(key)) { try history.when(.operator, .register("bob", key: key)) }
    }
}
