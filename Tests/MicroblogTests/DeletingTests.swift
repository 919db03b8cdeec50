import Microblog
import Testing

@Suite struct DeletingTests {
    private var history = History()
    private let ann: AccountID
    private let bob: AccountID
    private let post: PostID

    init() throws {
        ann = try history.givenAccount("ann")
        bob = try history.givenAccount("bob")
        post = history.givenPost(by: ann)
    }

    @Test func `The author deletes a post`() throws {
        #expect(try history.when(ann, .deletePost(DeletePost(post))) == .postDeleted(PostDeleted(post)))
    }

    @Test func `Nobody else deletes a post`() {
        #expect(throws: Rejection.notAuthor(post)) { try history.when(bob, .deletePost(DeletePost(post))) }
        #expect(throws: Rejection.accountRequired) { try history.when(.operator, .deletePost(DeletePost(post))) }
        #expect(throws: Rejection.unknownAccount(AccountID(99))) {
            try history.when(AccountID(99), .deletePost(DeletePost(post)))
        }
    }

    @Test func `What is not a post is not deleted`() {
        for id in [PostID(0), PostID(ann.rawValue), PostID(99)] {
            #expect(throws: Rejection.unknownPost(id)) { try history.when(ann, .deletePost(DeletePost(id))) }
        }
    }

    @Test func `A deleted post is unknown to its author and to others`() {
        var history = history
        history.given(.postDeleted(PostDeleted(post)), by: .account(ann))
        for account in [ann, bob] {
            #expect(throws: Rejection.unknownPost(post)) { try history.when(account, .deletePost(DeletePost(post))) }
        }
    }
}
