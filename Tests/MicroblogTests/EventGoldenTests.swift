import Microblog
import TestSupport
import Testing

/// Every event in the bytes of `docs/events.md`, put together by hand. They never change: logs hold them.
@Suite struct EventGoldenTests {
    struct Golden: Sendable {
        let event: Event
        let type: UInt8
        var schema: UInt8 = 1
        let payload: String
        let personal: String
    }

    static let alice = try! Handle("alice")
    static let name = try! DisplayName("Älice")
    static let key = KeyHash(bytes: Array(0..<32))!
    static let content = ContentHash(bytes: Array(0xe0...0xff))!

    static let all: [Golden] = [
        Golden(
            event: .accountRegistered(AccountRegistered(handle: alice, name: name, role: .admin, key: key)),
            type: 1,
            schema: 2,
            payload: "0201000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
            personal: "05616c696365" + "00000006c3846c696365"),
        Golden(
            event: .accountRegistered(AccountRegistered(handle: alice, name: name, role: .member, key: nil)),
            type: 1,
            schema: 2,
            payload: "0100",
            personal: "05616c696365" + "00000006c3846c696365"),
        Golden(
            event: .keyIssued(KeyIssued(account: AccountID(17), key: key)),
            type: 2,
            payload: "0000000000000011000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
            personal: ""),
        Golden(
            event: .keyRevoked(KeyRevoked(key)),
            type: 3,
            payload: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
            personal: ""),
        Golden(
            event: .postPublished(
                PostPublished(
                    text: "hi 🐦", replyTo: PostID(812), media: [MediaID(30), MediaID(0x0102_0304_0506_0708)])),
            type: 4,
            payload: "000000000000032c00000002000000000000001e0102030405060708",
            personal: "00000007686920f09f90a6"),
        Golden(
            event: .postPublished(PostPublished(text: "hi", replyTo: nil, media: [])),
            type: 4,
            payload: "000000000000000000000000",
            personal: "000000026869"),
        Golden(
            event: .postDeleted(PostDeleted(PostID(812))),
            type: 5,
            payload: "000000000000032c",
            personal: ""),
        Golden(
            event: .postLiked(PostLiked(PostID(812))),
            type: 6,
            payload: "000000000000032c",
            personal: ""),
        Golden(
            event: .postUnliked(PostUnliked(PostID(812))),
            type: 7,
            payload: "000000000000032c",
            personal: ""),
        Golden(
            event: .accountFollowed(AccountFollowed(AccountID(20))),
            type: 8,
            payload: "0000000000000014",
            personal: ""),
        Golden(
            event: .accountUnfollowed(AccountUnfollowed(AccountID(20))),
            type: 9,
            payload: "0000000000000014",
            personal: ""),
        Golden(
            event: .mediaUploaded(MediaUploaded(content: content, type: .mp4, size: 1_000_000)),
            type: 10,
            payload: "e0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"
                + "0500000000000f4240",
            personal: ""),
        Golden(
            event: .mediaAttached(MediaAttached(MediaID(30), to: PostID(812))),
            type: 11,
            payload: "000000000000001e000000000000032c",
            personal: ""),
        Golden(
            event: .accountChanged(
                AccountChanged(
                    account: AccountID(17), name: name, handle: alice, previousHandle: try! Handle("al"))),
            type: 12,
            schema: 2,
            payload: "0000000000000011",
            personal: "05616c696365" + "0102616c" + "00000006c3846c696365"),
        Golden(
            event: .accountChanged(
                AccountChanged(account: AccountID(17), name: name, handle: alice, previousHandle: nil)),
            type: 12,
            schema: 2,
            payload: "0000000000000011",
            personal: "05616c696365" + "00" + "00000006c3846c696365"),
        Golden(
            event: .postPinned(PostPinned(PostID(812), pins: [PostID(812), PostID(30)])),
            type: 13,
            payload: "000000000000032c" + "00000002000000000000032c000000000000001e",
            personal: ""),
        Golden(
            event: .postUnpinned(PostUnpinned(PostID(812), pins: [])),
            type: 14,
            payload: "000000000000032c" + "00000000",
            personal: ""),
    ]

    /// What earlier programs have written and this one reads.
    static let old: [Golden] = [
        Golden(
            event: .accountRegistered(AccountRegistered(handle: alice, name: name, role: .admin, key: key)),
            type: 1,
            payload: "05616c6963650201000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
            personal: "00000006c3846c696365"),
        Golden(
            event: .accountRegistered(AccountRegistered(handle: alice, name: name, role: .member, key: nil)),
            type: 1,
            payload: "05616c6963650100",
            personal: "00000006c3846c696365"),
        Golden(
            event: .accountChanged(
                AccountChanged(
                    account: AccountID(17), name: name, handle: alice, previousHandle: try! Handle("al"))),
            type: 12,
            payload: "000000000000001105616c6963650102616c",
            personal: "00000006c3846c696365"),
        Golden(
            event: .accountChanged(
                AccountChanged(account: AccountID(17), name: name, handle: alice, previousHandle: nil)),
            type: 12,
            payload: "000000000000001105616c69636500",
            personal: "00000006c3846c696365"),
    ]

    @Test(arguments: all)
    func `An event is written as documented`(golden: Golden) {
        let encoded = golden.event.encode()
        #expect(encoded.type.code == golden.type)
        #expect(encoded.type == golden.event.type)
        #expect(encoded.schema == golden.schema)
        #expect(hex(encoded.payload) == golden.payload)
        #expect(hex(encoded.personal) == golden.personal)
    }

    @Test(arguments: all + old)
    func `An event is read as documented`(golden: Golden) throws {
        let event = try Event.decode(
            type: golden.type, schema: golden.schema, payload: bytes(golden.payload), personal: bytes(golden.personal))
        #expect(event == golden.event)
    }

    @Test func `Every case of Event is written, read back, and has a golden vector`() throws {
        var random = SplitMix64(seed: 12)
        let events = random.events()
        for event in events {
            let encoded = event.encode()
            let read = try Event.decode(
                type: encoded.type.code, payload: encoded.payload, personal: encoded.personal)
            #expect(read == event)
            #expect(EventType(code: encoded.type.code)?.name == event.type.name)
        }
        #expect(Set(events.map(\.type)) == Set(EventType.all))
        #expect(Set(EventGoldenTests.all.map(\.event.type)) == Set(EventType.all))
    }
}
