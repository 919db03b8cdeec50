import Microblog
import Testing

@Suite struct KeyTests {
    private let key = KeyHash(filledWith: 1)
    private let another = KeyHash(filledWith: 2)

    @Test func `A further key is issued`() throws {
        var history = History()
        let ann = try history.givenAccount("ann", key: key)
        #expect(
            try history.when(.operator, .issueKey(IssueKey(account: ann, key: another)))
                == .keyIssued(KeyIssued(account: ann, key: another)))
    }

    @Test func `No key is issued to an account that does not exist`() {
        #expect(throws: Rejection.unknownAccount(AccountID(5))) {
            try History().when(.operator, .issueKey(IssueKey(account: AccountID(5), key: key)))
        }
    }

    @Test func `No key is issued or revoked by an account that does not exist`() throws {
        var history = History()
        let ann = try history.givenAccount("ann", key: key)
        #expect(throws: Rejection.unknownAccount(AccountID(5))) {
            try history.when(AccountID(5), .issueKey(IssueKey(account: ann, key: another)))
        }
        #expect(throws: Rejection.unknownAccount(AccountID(5))) {
            try history.when(AccountID(5), .revokeKey(RevokeKey(key)))
        }
    }

    @Test func `A key is issued once only even to its own account`() throws {
        var history = History()
        let ann = try history.givenAccount("ann", key: key)
        history.given(.keyIssued(KeyIssued(account: ann, key: another)))
        for used in [key, another] {
            #expect(throws: Rejection.keyInUse(used)) {
                try history.when(.operator, .issueKey(IssueKey(account: ann, key: used)))
            }
        }
    }

    @Test func `A revoked key is not issued again`() throws {
        var history = History()
        let ann = try history.givenAccount("ann", key: key)
        history.given(.keyRevoked(KeyRevoked(key)))
        #expect(throws: Rejection.keyInUse(key)) {
            try history.when(.operator, .issueKey(IssueKey(account: ann, key: key)))
        }
    }

    @Test func `The key from the registration and an issued one are revoked`() throws {
        var history = History()
        let ann = try history.givenAccount("ann", key: key)
        history.given(.keyIssued(KeyIssued(account: ann, key: another)))
        #expect(try history.when(ann, .revokeKey(RevokeKey(key))) == .keyRevoked(KeyRevoked(key)))
        #expect(try history.when(.operator, .revokeKey(RevokeKey(another))) == .keyRevoked(KeyRevoked(another)))
    }

    @Test func `Revoking a key twice changes nothing`() throws {
        var history = History()
        _ = try history.givenAccount("ann", key: key)
        history.given(.keyRevoked(KeyRevoked(key)))
        #expect(try history.when(.operator, .revokeKey(RevokeKey(key))) == nil)
    }

    @Test func `An unknown key is not revoked`() {
        #expect(throws: Rejection.unknownKey(key)) { try History().when(.operator, .revokeKey(RevokeKey(key))) }
    }
}
