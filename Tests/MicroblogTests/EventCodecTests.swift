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

    @Test(arguments: [31, 32]) func `All that the log takes is what each question answers`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for position in 1...500 as ClosedRange<UInt64> {
            let event = random.event()
            let issuer = Issuer.account(AccountID(7))
            let (encoded, streams, subject) = event.encode(at: position, by: issuer)
            #expect(encoded == event.encode())
            #expect(Array(streams) == Array(event.streams(at: position, by: issuer)))
            #expect(subject == event.subject(at: position, by: issuer))
        }
    }

    @Test func `What a person wrote is in the personal part only`() throws {
        let text = "a secret"
        let name = try DisplayName(text)
        let (handle, previous) = (try Handle("a.secret"), try Handle("b.secret"))
        let change = AccountChanged(account: AccountID(9), name: name, handle: handle, previousHandle: previous)
        for (event, words) in [
            (Event.postPublished(PostPublished(text: text, replyTo: PostID(1), media: [MediaID(2)])), [text]),
            (
                .accountRegistered(AccountRegistered(handle: handle, name: name, role: .member, key: nil)),
                [text, "a.secret"]
            ),
            (.accountChanged(change), [text, "a.secret", "b.secret"]),
        ] {
            let encoded = event.encode()
            for word in words {
                #expect(!hex(encoded.payload).contains(hex(Array(word.utf8))))
                #expect(hex(encoded.personal).contains(hex(Array(word.utf8))))
            }
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

    @Test func `An event has a subject exactly if it has a personal part`() {
        var random = SplitMix64(seed: 10)
        for _ in 0..<500 {
            let event = random.event()
            let subject = event.subject(at: 40, by: .account(AccountID(30)))
            #expect((subject == nil) == event.encode().personal.isEmpty)
            switch event {
            case .accountRegistered: #expect(subject == AccountID(40))
            case .accountChanged(let changed): #expect(subject == changed.account)
            case .postPublished: #expect(subject == AccountID(30))
            default: break
            }
        }
    }

    @Test func `A name that is no longer allowed stays readable`() throws {
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 300)
        let event = try Event.decode(type: 1, payload: bytes("0100"), personal: bytes("03616e6e0000012c") + long)
        guard case .accountRegistered(let registered) = event else { return #expect(Bool(false)) }
        #expect(registered.name.text.utf8.count == 300)
    }
}
