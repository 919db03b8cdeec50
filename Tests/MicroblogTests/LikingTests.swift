import Microblog
import Testing

@Suite struct LikingTests {
    private var history = History()
    private let ann: AccountID
    private let bob: AccountID
    private let post: PostID

    init() throws {
        ann = try history.givenAccount("ann")
        bob = try history.givenAccount("bob")
        post = history.givenPost(by: ann)
    }

    @Test func `A post is liked`() throws {
        #expect(try history.when(bob, .likePost(LikePost(post))) == .postLiked(PostLiked(post)))
    }

    @Test func `One's own post may be liked`() throws {
        #expect(try history.when(ann, .likePost(LikePost(post))) == .postLiked(PostLiked(post)))
    }

    @Test func `Liking twice changes nothing`() throws {
        var history = history
        history.given(.postLiked(PostLiked(post)), by: .account(bob))
        #expect(try history.when(bob, .likePost(LikePost(post))) == nil)
    }

    @Test func `The likes of two accounts and of two posts are separate`() throws {
        var history = history
        let another = history.givenPost(by: ann)
        history.given(.postLiked(PostLiked(post)), by: .account(bob))
        #expect(try history.when(ann, .likePost(LikePost(post))) == .postLiked(PostLiked(post)))
        #expect(try history.when(bob, .likePost(LikePost(another))) == .postLiked(PostLiked(another)))
    }

    @Test func `A like is taken back and given again`() throws {
        var history = history
        history.given(.postLiked(PostLiked(post)), by: .account(bob))
        #expect(try history.when(bob, .unlikePost(UnlikePost(post))) == .postUnliked(PostUnliked(post)))
        history.given(.postUnliked(PostUnliked(post)), by: .account(bob))
        #expect(try history.when(bob, .unlikePost(UnlikePost(post))) == nil)
        #expect(try history.when(bob, .likePost(LikePost(post))) == .postLiked(PostLiked(post)))
    }

    @Test func `Unliking what was not liked changes nothing`() throws {
        #expect(try history.when(bob, .unlikePost(UnlikePost(post))) == nil)
    }

    @Test func `An unknown or deleted post is neither liked nor unliked`() {
        var history = history
        history.given(.postLiked(PostLiked(post)), by: .account(bob))
        history.given(.postDeleted(PostDeleted(post)), by: .account(ann))
        for id in [post, PostID(0), PostID(bob.rawValue), PostID(99)] {
            #expect(throws: Rejection.unknownPost(id)) { try history.when(bob, .likePost(LikePost(id))) }
            #expect(throws: Rejection.unknownPost(id)) { try history.when(bob, .unlikePost(UnlikePost(id))) }
        }
    }

    @Test func `Only an account that exists likes`() {
        for command in [Command.likePost(LikePost(post)), .unlikePost(UnlikePost(post))] {
            #expect(throws: Rejection.accountRequired) { try history.when(.operator, command) }
            #expect(throws: Rejection.unknownAccount(AccountID(99))) { try history.when(AccountID(99), command) }
        }
    }
}
