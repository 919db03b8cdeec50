import Microblog
import Testing

@Suite struct PublishingTests {
    private var history = History()
    private let ann: AccountID
    private let bob: AccountID

    init() throws {
        ann = try history.givenAccount("ann")
        bob = try history.givenAccount("bob")
    }

    @Test func `A post is published`() throws {
        #expect(
            try history.when(ann, .post("hello"))
                == .postPublished(PostPublished(text: "hello", replyTo: nil, media: [])))
    }

    @Test func `The operator has no account to publish with`() {
        #expect(throws: Rejection.accountRequired) { try history.when(.operator, .post()) }
    }

    @Test func `An account that does not exist publishes nothing`() {
        #expect(throws: Rejection.unknownAccount(AccountID(99))) { try history.when(AccountID(99), .post()) }
    }

    @Test func `The ID of a post is not an account`() {
        var history = history
        let post = history.givenPost(by: ann)
        #expect(throws: Rejection.unknownAccount(AccountID(post.rawValue))) {
            try history.when(AccountID(post.rawValue), .post())
        }
    }

    @Test(arguments: ["", " ", "\t\r\n", "\u{a0}\u{2003}\u{3000}\u{2028}"])
    func `Blank text is rejected`(text: String) {
        #expect(throws: Rejection.textBlank) { try history.when(ann, .post(text)) }
    }

    @Test func `Text is kept as it is with the space around it`() throws {
        #expect(
            try history.when(ann, .post(" a\n")) == .postPublished(PostPublished(text: " a\n", replyTo: nil, media: []))
        )
    }

    @Test(arguments: ["x", "é", "🐦", "e\u{301}"])
    func `Text of exactly the limit is allowed and one scalar more is not`(unit: String) throws {
        let length = unit.unicodeScalars.count * 8
        let text = String(repeating: unit, count: 8)
        let limits = Limits(textLength: length)
        #expect(try history.when(ann, .post(text), limits: limits) != nil)
        #expect(throws: Rejection.textTooLong(length: length + 1, limit: length)) {
            try history.when(ann, .post(text + "x"), limits: limits)
        }
    }

    @Test func `The default limit is a thousand scalars`() throws {
        #expect(try history.when(ann, .post(String(repeating: "ü", count: 1000))) != nil)
        #expect(throws: Rejection.textTooLong(length: 1001, limit: 1000)) {
            try history.when(ann, .post(String(repeating: "ü", count: 1001)))
        }
    }

    @Test func `A reply names the post that it answers`() throws {
        var history = history
        let post = history.givenPost(by: bob)
        #expect(
            try history.when(ann, .post(replyTo: post))
                == .postPublished(PostPublished(text: "hello", replyTo: post, media: [])))
    }

    @Test func `A reply to what is not a post is rejected`() {
        for id in [PostID(0), PostID(ann.rawValue), PostID(99), PostID(.max)] {
            #expect(throws: Rejection.unknownPost(id)) { try history.when(ann, .post(replyTo: id)) }
        }
    }

    @Test func `A reply to a deleted post is rejected`() {
        var history = history
        let post = history.givenPost(by: bob)
        history.given(.postDeleted(PostDeleted(post)), by: .account(bob))
        #expect(throws: Rejection.unknownPost(post)) { try history.when(ann, .post(replyTo: post)) }
    }

    @Test func `A reply outlives its parent`() throws {
        var history = history
        let parent = history.givenPost(by: bob)
        let reply = PostID(
            history.given(.postPublished(PostPublished(text: "yes", replyTo: parent, media: [])), by: .account(ann)))
        history.given(.postDeleted(PostDeleted(parent)), by: .account(bob))
        #expect(try history.when(bob, .likePost(LikePost(reply))) == .postLiked(PostLiked(reply)))
        #expect(try history.when(bob, .post(replyTo: reply)) != nil)
    }
}
