import Microblog
import Testing

@Suite struct PublishingMediaTests {
    private var history = History()
    private let ann: AccountID
    private let bob: AccountID

    init() throws {
        ann = try history.givenAccount("ann")
        bob = try history.givenAccount("bob")
    }

    @Test func `A post takes media in the order given`() throws {
        var history = history
        let first = history.givenMedia(by: ann)
        let second = history.givenMedia(by: ann)
        #expect(
            try history.when(ann, .post(media: [second, first]))
                == .postPublished(PostPublished(text: "hello", replyTo: nil, media: [second, first])))
    }

    @Test func `Ten media are allowed and eleven are not`() throws {
        var history = history
        let media = (0..<11).map { _ in history.givenMedia(by: ann) }
        #expect(try history.when(ann, .post(media: Array(media.prefix(10)))) != nil)
        #expect(throws: Rejection.tooManyMedia(count: 11, limit: 10)) { try history.when(ann, .post(media: media)) }
    }

    @Test func `The same media twice is rejected`() {
        var history = history
        let first = history.givenMedia(by: ann)
        let second = history.givenMedia(by: ann)
        #expect(throws: Rejection.duplicateMedia(first)) {
            try history.when(ann, .post(media: [first, second, first]))
        }
    }

    @Test func `Unknown media are rejected`() {
        for id in [MediaID(0), MediaID(ann.rawValue), MediaID(99)] {
            #expect(throws: Rejection.unknownMedia(id)) { try history.when(ann, .post(media: [id])) }
        }
    }

    @Test func `Media of another are rejected`() {
        var history = history
        let media = history.givenMedia(by: bob)
        #expect(throws: Rejection.mediaNotOwned(media)) { try history.when(ann, .post(media: [media])) }
    }

    @Test func `Whether media of another are on a post is not told`() {
        var history = history
        let media = history.givenMedia(by: bob)
        _ = history.givenPost(by: bob, media: [media])
        #expect(throws: Rejection.mediaNotOwned(media)) { try history.when(ann, .post(media: [media])) }
    }

    @Test func `Media that a post took are rejected`() {
        var history = history
        let free = history.givenMedia(by: ann)
        let taken = history.givenMedia(by: ann)
        _ = history.givenPost(by: ann, media: [taken])
        #expect(throws: Rejection.mediaAlreadyAttached(taken)) {
            try history.when(ann, .post(media: [free, taken]))
        }
    }

    @Test func `Media attached later are rejected`() {
        var history = history
        let media = history.givenMedia(by: ann)
        let post = history.givenPost(by: ann)
        history.given(.mediaAttached(MediaAttached(media, to: post)), by: .account(ann))
        #expect(throws: Rejection.mediaAlreadyAttached(media)) { try history.when(ann, .post(media: [media])) }
    }

    @Test func `Media of a deleted post are gone with it`() {
        var history = history
        let media = history.givenMedia(by: ann)
        let post = history.givenPost(by: ann, media: [media])
        history.given(.postDeleted(PostDeleted(post)), by: .account(ann))
        #expect(throws: Rejection.unknownMedia(media)) { try history.when(ann, .post(media: [media])) }
    }
}
