import Microblog
import TestSupport
import Testing

private typealias Stream = Microblog.Stream

@Suite struct StreamTests {
    private static let key = EventGoldenTests.key
    private static let alice = EventGoldenTests.alice

    @Test func `Names are as documented`() {
        let names: [(Stream, String)] = [
            (.handle(StreamTests.alice), "handle/alice"),
            (.account(AccountID(17)), "account/17"),
            (.name(AccountID(17)), "name/17"),
            (.key(StreamTests.key), "key/000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
            (.post(PostID(812)), "post/812"),
            (.like(PostID(812), by: AccountID(17)), "like/812/17"),
            (.follow(AccountID(17), of: AccountID(20)), "follow/17/20"),
            (.media(MediaID(.max)), "media/18446744073709551615"),
        ]
        for (stream, name) in names {
            #expect(stream.description == name)
            #expect(Stream(name: name) == stream)
        }
    }

    @Test func `Every name is read back and none is too long`() {
        var random = SplitMix64(seed: 4)
        var name: [UInt8] = []
        for _ in 0..<10_000 {
            let stream = random.stream()
            name.removeAll(keepingCapacity: true)
            stream.appendName(to: &name)
            #expect(name.count <= Stream.maximumNameLength)
            #expect(name.withUnsafeBytes { Stream(name: $0) } == stream)
        }
    }

    @Test(arguments: [
        "", "/", "post", "post/", "/1", "post/0", "post/01", "post/+1", "post/1/", "post/1/2", "post/1 ", "posts/1",
        "post/18446744073709551616", "post/99999999999999999999", "post/-1", "post/1x", "like/1", "like/1/", "like//1",
        "like/1/2/3", "like/0/1", "follow/1/0", "handle/", "handle/Ann", "handle/a/b", "handle/ä", "key/", "key/00",
        "key/" + String(repeating: "A", count: 64), "key/" + String(repeating: "a", count: 65), "MEDIA/1", "name/0",
        "name/",
    ])
    func `What is never written is not a name`(name: String) {
        #expect(Stream(name: name) == nil)
    }

    @Test func `Random bytes are not a name or are the name of what they give`() {
        var random = SplitMix64(seed: 6)
        for _ in 0..<20_000 {
            var name: [UInt8] = []
            random.stream().appendName(to: &name)
            name[random.below(name.count)] = UInt8(truncatingIfNeeded: random.next())
            guard let stream = name.withUnsafeBytes({ Stream(name: $0) }) else { continue }
            #expect(stream.description == String(decoding: name, as: UTF8.self))
        }
    }

    @Test func `An event is in its own stream first and then in those that it binds`() {
        let cases: [(Event, [String])] = [
            (
                .accountRegistered(
                    AccountRegistered(
                        handle: StreamTests.alice, name: EventGoldenTests.name, role: .member, key: StreamTests.key)),
                ["account/99", "handle/alice", "key/\(StreamTests.key)"]
            ),
            (
                .accountRegistered(
                    AccountRegistered(
                        handle: StreamTests.alice, name: EventGoldenTests.name, role: .member, key: nil)),
                ["account/99", "handle/alice"]
            ),
            (
                .accountChanged(
                    AccountChanged(
                        account: AccountID(5), name: EventGoldenTests.name, handle: StreamTests.alice,
                        previousHandle: nil)),
                ["name/5"]
            ),
            (
                .accountChanged(
                    AccountChanged(
                        account: AccountID(5), name: EventGoldenTests.name, handle: StreamTests.alice,
                        previousHandle: try! Handle("al"))),
                ["name/5", "handle/alice", "handle/al"]
            ),
            (.keyIssued(KeyIssued(account: AccountID(1), key: StreamTests.key)), ["key/\(StreamTests.key)"]),
            (.keyRevoked(KeyRevoked(StreamTests.key)), ["key/\(StreamTests.key)"]),
            (.postPublished(PostPublished(text: "a", replyTo: PostID(5), media: [])), ["post/99"]),
            (
                .postPublished(PostPublished(text: "a", replyTo: nil, media: [MediaID(31), MediaID(30)])),
                ["post/99", "media/31", "media/30"]
            ),
            (.postDeleted(PostDeleted(PostID(5))), ["post/5"]),
            (.postLiked(PostLiked(PostID(5))), ["like/5/17"]),
            (.postPinned(PostPinned(PostID(5), pins: [PostID(5)])), ["pins/17"]),
            (.postUnpinned(PostUnpinned(PostID(5), pins: [])), ["pins/17"]),
            (.postUnliked(PostUnliked(PostID(5))), ["like/5/17"]),
            (.accountFollowed(AccountFollowed(AccountID(20))), ["follow/17/20"]),
            (.accountUnfollowed(AccountUnfollowed(AccountID(20))), ["follow/17/20"]),
            (.mediaUploaded(MediaUploaded(content: EventGoldenTests.content, type: .gif, size: 1)), ["media/99"]),
            (.mediaAttached(MediaAttached(MediaID(30), to: PostID(5))), ["media/30", "post/5"]),
        ]
        for (event, names) in cases {
            #expect(event.streams(at: 99, by: .account(AccountID(17))).map(\.description) == names)
        }
    }
}
