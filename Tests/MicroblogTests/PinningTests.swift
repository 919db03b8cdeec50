import Microblog
import TestSupport
import Testing

@Suite struct PinningTests {
    private var history = History()
    private let ann: AccountID
    private let bob: AccountID
    private var posts: [PostID] = []

    init() throws {
        ann = try history.givenAccount("ann")
        bob = try history.givenAccount("bob")
        for _ in 0..<7 { posts.append(history.givenPost(by: ann)) }
    }

    /// Lets an account pin or unpin, and keeps what comes of it.
    private func pinned(_ numbers: [Int]) throws -> History {
        var history = history
        for number in numbers {
            let event = try history.when(ann, .pinPost(PinPost(posts[number])))
            history.given(try #require(event), by: .account(ann))
        }
        return history
    }

    @Test func `The newest pin comes first, and each event holds all pins`() throws {
        let history = try pinned([0, 1])
        #expect(
            try history.when(ann, .pinPost(PinPost(posts[2])))
                == .postPinned(PostPinned(posts[2], pins: [posts[2], posts[1], posts[0]])))
    }

    @Test func `To pin twice changes nothing, nor moves the pin`() throws {
        #expect(try pinned([0, 1]).when(ann, .pinPost(PinPost(posts[0]))) == nil)
    }

    @Test func `A pin is taken back, and given again it is the newest`() throws {
        var history = try pinned([0, 1, 2])
        let event = try history.when(ann, .unpinPost(UnpinPost(posts[1])))
        #expect(event == .postUnpinned(PostUnpinned(posts[1], pins: [posts[2], posts[0]])))
        history.given(event!, by: .account(ann))
        #expect(try history.when(ann, .unpinPost(UnpinPost(posts[1]))) == nil)
        #expect(
            try history.when(ann, .pinPost(PinPost(posts[1])))
                == .postPinned(PostPinned(posts[1], pins: [posts[1], posts[2], posts[0]])))
    }

    @Test func `To take back what is not pinned changes nothing`() throws {
        #expect(try history.when(ann, .unpinPost(UnpinPost(posts[0]))) == nil)
    }

    @Test func `The sixth pin is refused, and one taken back makes room`() throws {
        var history = try pinned([0, 1, 2, 3, 4])
        #expect(throws: Rejection.tooManyPins(count: 6, limit: 5)) {
            try history.when(ann, .pinPost(PinPost(posts[5])))
        }
        let event = try history.when(ann, .unpinPost(UnpinPost(posts[2])))
        history.given(try #require(event), by: .account(ann))
        #expect(try history.when(ann, .pinPost(PinPost(posts[5]))) != nil)
    }

    @Test func `The place of a deleted post is free`() throws {
        var history = try pinned([0, 1, 2, 3, 4])
        history.given(.postDeleted(PostDeleted(posts[3])), by: .account(ann))
        #expect(
            try history.when(ann, .pinPost(PinPost(posts[5])))
                == .postPinned(
                    PostPinned(posts[5], pins: [posts[5], posts[4], posts[2], posts[1], posts[0]])))
    }

    @Test func `Only one's own post is pinned or taken back`() throws {
        let history = try pinned([0])
        #expect(throws: Rejection.notAuthor(posts[1])) { try history.when(bob, .pinPost(PinPost(posts[1]))) }
        #expect(throws: Rejection.notAuthor(posts[0])) { try history.when(bob, .unpinPost(UnpinPost(posts[0]))) }
    }

    @Test func `A post that is gone, or never was, is not there to be pinned`() throws {
        var history = try pinned([0])
        history.given(.postDeleted(PostDeleted(posts[0])), by: .account(ann))
        for post in [posts[0], PostID(9_999)] {
            #expect(throws: Rejection.unknownPost(post)) { try history.when(ann, .pinPost(PinPost(post))) }
            #expect(throws: Rejection.unknownPost(post)) { try history.when(ann, .unpinPost(UnpinPost(post))) }
        }
    }

    @Test func `The operator has no profile to pin to`() throws {
        #expect(throws: Rejection.accountRequired) {
            try history.when(.operator, .pinPost(PinPost(posts[0])))
        }
    }
}
