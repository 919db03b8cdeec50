import Microblog
import Testing

@Suite struct MediaTests {
    private var history = History()
    private let ann: AccountID
    private let bob: AccountID
    private let content = ContentHash(filledWith: 3)

    init() throws {
        ann = try history.givenAccount("ann")
        bob = try history.givenAccount("bob")
    }

    @Test func `A file is uploaded`() throws {
        #expect(
            try history.when(ann, .uploadMedia(UploadMedia(content: content, type: .webp, size: 77)))
                == .mediaUploaded(MediaUploaded(content: content, type: .webp, size: 77)))
    }

    @Test func `The same content may be uploaded twice`() throws {
        var history = history
        history.given(.mediaUploaded(MediaUploaded(content: content, type: .png, size: 9)), by: .account(ann))
        #expect(try history.when(ann, .uploadMedia(UploadMedia(content: content, type: .png, size: 9))) != nil)
    }

    @Test func `An empty file is rejected`() {
        #expect(throws: Rejection.mediaEmpty) {
            try history.when(ann, .uploadMedia(UploadMedia(content: content, type: .png, size: 0)))
        }
    }

    @Test func `Only an account that exists uploads`() {
        let upload = Command.uploadMedia(UploadMedia(content: content, type: .png, size: 9))
        #expect(throws: Rejection.accountRequired) { try history.when(.operator, upload) }
        #expect(throws: Rejection.unknownAccount(AccountID(99))) { try history.when(AccountID(99), upload) }
    }

    @Test func `A file is attached to a post`() throws {
        var history = history
        let post = history.givenPost(by: ann)
        let media = history.givenMedia(by: ann)
        #expect(
            try history.when(ann, .attachMedia(AttachMedia(media, to: post)))
                == .mediaAttached(MediaAttached(media, to: post)))
    }

    @Test func `Nothing is attached to another account's post`() {
        var history = history
        let post = history.givenPost(by: bob)
        let media = history.givenMedia(by: ann)
        #expect(throws: Rejection.notAuthor(post)) { try history.when(ann, .attachMedia(AttachMedia(media, to: post))) }
    }

    @Test func `Another account's file is not attached`() {
        var history = history
        let post = history.givenPost(by: ann)
        let media = history.givenMedia(by: bob)
        #expect(throws: Rejection.mediaNotOwned(media)) {
            try history.when(ann, .attachMedia(AttachMedia(media, to: post)))
        }
    }

    @Test func `Nothing is attached to a post that is not there`() {
        var history = history
        let media = history.givenMedia(by: ann)
        let post = history.givenPost(by: ann)
        history.given(.postDeleted(PostDeleted(post)), by: .account(ann))
        for id in [post, PostID(99)] {
            #expect(throws: Rejection.unknownPost(id)) {
                try history.when(ann, .attachMedia(AttachMedia(media, to: id)))
            }
        }
    }

    @Test func `An unknown file is not attached`() {
        var history = history
        let post = history.givenPost(by: ann)
        #expect(throws: Rejection.unknownMedia(MediaID(99))) {
            try history.when(ann, .attachMedia(AttachMedia(MediaID(99), to: post)))
        }
    }

    @Test func `A file is attached once`() throws {
        var history = history
        let media = history.givenMedia(by: ann)
        let post = history.givenPost(by: ann)
        let another = history.givenPost(by: ann)
        history.given(.mediaAttached(MediaAttached(media, to: post)), by: .account(ann))
        #expect(try history.when(ann, .attachMedia(AttachMedia(media, to: post))) == nil)
        #expect(throws: Rejection.mediaAlreadyAttached(media)) {
            try history.when(ann, .attachMedia(AttachMedia(media, to: another)))
        }
    }

    @Test func `A file that went with its post is not attached again`() {
        var history = history
        let media = history.givenMedia(by: ann)
        let post = history.givenPost(by: ann)
        let another = history.givenPost(by: ann)
        history.given(.mediaAttached(MediaAttached(media, to: post)), by: .account(ann))
        history.given(.postDeleted(PostDeleted(post)), by: .account(ann))
        #expect(throws: Rejection.unknownMedia(media)) {
            try history.when(ann, .attachMedia(AttachMedia(media, to: another)))
        }
    }

    @Test func `Media of both kinds count towards the limit of a post`() throws {
        var history = history
        let limits = Limits(mediaPerPost: 3)
        let media = (0..<4).map { _ in history.givenMedia(by: ann) }
        let post = history.givenPost(by: ann, media: Array(media.prefix(1)))
        history.given(.mediaAttached(MediaAttached(media[1], to: post)), by: .account(ann))
        #expect(try history.when(ann, .attachMedia(AttachMedia(media[2], to: post)), limits: limits) != nil)
        history.given(.mediaAttached(MediaAttached(media[2], to: post)), by: .account(ann))
        #expect(throws: Rejection.tooManyMedia(count: 4, limit: 3)) {
            try history.when(ann, .attachMedia(AttachMedia(media[3], to: post)), limits: limits)
        }
    }

    @Test func `A post with attached media is there still`() throws {
        var history = history
        let media = history.givenMedia(by: ann)
        let post = history.givenPost(by: ann)
        history.given(.mediaAttached(MediaAttached(media, to: post)), by: .account(ann))
        #expect(try history.when(bob, .likePost(LikePost(post))) == .postLiked(PostLiked(post)))
        #expect(try history.when(ann, .deletePost(DeletePost(post))) == .postDeleted(PostDeleted(post)))
    }

    @Test func `The operator attaches nothing`() {
        #expect(throws: Rejection.accountRequired) {
            try history.when(.operator, .attachMedia(AttachMedia(MediaID(1), to: PostID(1))))
        }
    }
}
