import Microblog
import TestSupport
import Testing

@Suite struct EventCodecTests {
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `What is written is read back`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<2_000 {
            let event = random.event()
            let encoded = event.encode()
            let read = try Event.decode(
                type: encoded.type.code, schema: encoded.schema, payload: encoded.payload,
                personal: encoded.personal)
            #expect(read == event)
        }
    }

    @Test func `Parts are appended to what is there`() {
        var payload: [UInt8] = [1]
        var personal: [UInt8] = [2]
        Event.postPublished(PostPublished(text: "a", replyTo: nil, media: [])).encode(
            payload: &payload, personal: &personal)
        #expect(hex(payload) == "01" + String(repeating: "00", count: 12))
        #expect(hex(personal) == "020000000161")
    }

    @Test func `What a person wrote is in the personal part only`() throws {
        let text = "a secret"
        let name = try DisplayName(text)
        for event in [
            Event.postPublished(PostPublished(text: text, replyTo: PostID(1), media: [MediaID(2)])),
            .accountRegistered(AccountRegistered(handle: try Handle("ann"), name: name, role: .member, key: nil)),
        ] {
            let encoded = event.encode()
            #expect(!hex(encoded.payload).contains(hex(Array(text.utf8))))
            #expect(hex(encoded.personal).contains(hex(Array(text.utf8))))
        }
    }

    @Test func `Events without any text have no personal part`() {
        var random = SplitMix64(seed: 9)
        for _ in 0..<500 {
            let encoded = random.event().encode()
            #expect(
                encoded.personal.isEmpty == ![AccountRegistered.type, AccountChanged.type, PostPublished.type].contains(
                    encoded.type))
        }
    }

    @Test func `A name that is no longer allowed stays readable`() throws {
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 300)
        let event = try Event.decode(type: 1, payload: bytes("03616e6e0100"), personal: bytes("0000012c") + long)
        guard case .accountRegistered(let registered) = event else { return #expect(Bool(false)) }
        #expect(registered.name.text.utf8.count == 300)
    }
}
