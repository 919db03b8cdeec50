import Microblog
import Testing

@Suite struct FollowingTests {
    private var history = History()
    private let ann: AccountID
    private let bob: AccountID

    init() throws {
        ann = try history.givenAccount("ann")
        bob = try history.givenAccount("bob")
    }

    @Test func `An account follows another`() throws {
        #expect(try history.when(ann, .followAccount(FollowAccount(bob))) == .accountFollowed(AccountFollowed(bob)))
    }

    @Test func `Following twice changes nothing`() throws {
        var history = history
        history.given(.accountFollowed(AccountFollowed(bob)), by: .account(ann))
        #expect(try history.when(ann, .followAccount(FollowAccount(bob))) == nil)
    }

    @Test func `Following back is another follow`() throws {
        var history = history
        history.given(.accountFollowed(AccountFollowed(bob)), by: .account(ann))
        #expect(try history.when(bob, .followAccount(FollowAccount(ann))) == .accountFollowed(AccountFollowed(ann)))
        #expect(try history.when(bob, .unfollowAccount(UnfollowAccount(ann))) == nil)
    }

    @Test func `Following ends and begins again`() throws {
        var history = history
        history.given(.accountFollowed(AccountFollowed(bob)), by: .account(ann))
        #expect(
            try history.when(ann, .unfollowAccount(UnfollowAccount(bob))) == .accountUnfollowed(AccountUnfollowed(bob)))
        history.given(.accountUnfollowed(AccountUnfollowed(bob)), by: .account(ann))
        #expect(try history.when(ann, .unfollowAccount(UnfollowAccount(bob))) == nil)
        #expect(try history.when(ann, .followAccount(FollowAccount(bob))) == .accountFollowed(AccountFollowed(bob)))
    }

    @Test func `Unfollowing somebody who is not followed changes nothing`() throws {
        #expect(try history.when(ann, .unfollowAccount(UnfollowAccount(bob))) == nil)
    }

    @Test func `Nobody follows themselves`() {
        #expect(throws: Rejection.cannotFollowYourself) { try history.when(ann, .followAccount(FollowAccount(ann))) }
    }

    @Test func `Unfollowing oneself is already so`() throws {
        #expect(try history.when(ann, .unfollowAccount(UnfollowAccount(ann))) == nil)
    }

    @Test func `An unknown account is neither followed nor unfollowed`() {
        var history = history
        let post = history.givenPost(by: ann)
        for id in [AccountID(0), AccountID(post.rawValue), AccountID(99)] {
            #expect(throws: Rejection.unknownAccount(id)) { try history.when(ann, .followAccount(FollowAccount(id))) }
            #expect(throws: Rejection.unknownAccount(id)) {
                try history.when(ann, .unfollowAccount(UnfollowAccount(id)))
            }
        }
    }

    @Test func `Only an account that exists follows`() {
        for command in [Command.followAccount(FollowAccount(bob)), .unfollowAccount(UnfollowAccount(bob))] {
            #expect(throws: Rejection.accountRequired) { try history.when(.operator, command) }
            #expect(throws: Rejection.unknownAccount(AccountID(99))) { try history.when(AccountID(99), command) }
        }
    }
}
