import FoundationEssentials
import Microblog
import TestSupport
import Testing

@Suite struct EventJSONTests {
    static let golden: [(event: Event, json: String)] = [
        (
            .accountRegistered(
                AccountRegistered(
                    handle: EventGoldenTests.alice, name: EventGoldenTests.name, role: .admin, key: EventGoldenTests.key
                )),
            #"{"handle":"alice","name":"Älice","role":"admin","key_hash":"\#(EventGoldenTests.key.hex)"}"#
        ),
        (
            .accountRegistered(
                AccountRegistered(
                    handle: EventGoldenTests.alice, name: EventGoldenTests.name, role: .member, key: nil)),
            #"{"handle":"alice","name":"Älice","role":"member","key_hash":null}"#
        ),
        (
            .keyIssued(KeyIssued(account: AccountID(17), key: EventGoldenTests.key)),
            #"{"account":17,"key_hash":"\#(EventGoldenTests.key.hex)"}"#
        ),
        (.keyRevoked(KeyRevoked(EventGoldenTests.key)), #"{"key_hash":"\#(EventGoldenTests.key.hex)"}"#),
        (
            .postPublished(PostPublished(text: "hi", replyTo: PostID(812), media: [MediaID(30), MediaID(31)])),
            #"{"text":"hi","reply_to":812,"media":[30,31]}"#
        ),
        (
            .postPublished(PostPublished(text: "hi", replyTo: nil, media: [])),
            #"{"text":"hi","reply_to":null,"media":[]}"#
        ),
        (.postDeleted(PostDeleted(PostID(812))), #"{"post":812}"#),
        (.postLiked(PostLiked(PostID(812))), #"{"post":812}"#),
        (.postUnliked(PostUnliked(PostID(.max))), #"{"post":18446744073709551615}"#),
        (.accountFollowed(AccountFollowed(AccountID(20))), #"{"account":20}"#),
        (.accountUnfollowed(AccountUnfollowed(AccountID(20))), #"{"account":20}"#),
        (
            .mediaUploaded(MediaUploaded(content: EventGoldenTests.content, type: .mp4, size: 0)),
            #"{"content":"\#(EventGoldenTests.content.hex)","media_type":"video/mp4","size":0}"#
        ),
        (.mediaAttached(MediaAttached(MediaID(30), to: PostID(812))), #"{"media":30,"post":812}"#),
        (
            .accountChanged(
                AccountChanged(
                    account: AccountID(17), name: EventGoldenTests.name, handle: EventGoldenTests.alice,
                    previousHandle: try! Handle("al"))),
            #"{"account":17,"handle":"alice","previous_handle":"al","name":"Älice"}"#
        ),
        (
            .accountChanged(
                AccountChanged(
                    account: AccountID(17), name: EventGoldenTests.name, handle: EventGoldenTests.alice,
                    previousHandle: nil)),
            #"{"account":17,"handle":"alice","previous_handle":null,"name":"Älice"}"#
        ),
    ]

    @Test(arguments: golden)
    func `An event is written as JSON as documented`(event: Event, json: String) {
        #expect(String(decoding: fields(of: event), as: UTF8.self) == json)
    }

    @Test func `What JSON demands is escaped and nothing else`() {
        let event = Event.postPublished(
            PostPublished(
                text: "\"\\/\u{8}\u{c}\n\r\t\0\u{1f}\u{7f}é\u{2028}🐦", replyTo: nil, media: []))
        #expect(
            String(decoding: fields(of: event), as: UTF8.self)
                == #"{"text":"\"\\/\u0008\u000c\n\r\t\u0000\u001f\#u{7f}é\#u{2028}🐦","reply_to":null,"media":[]}"#)
    }

    @Test func `Another reader reads any text back`() throws {
        struct Published: Decodable {
            let text: String
            let media: [UInt64]
        }
        var random = SplitMix64(seed: 3)
        for _ in 0..<2_000 {
            let text = random.text()
            let media = random.media()
            let json = fields(of: .postPublished(PostPublished(text: text, replyTo: nil, media: media)))
            let read = try JSONDecoder().decode(Published.self, from: Data(json))
            #expect(Array(read.text.utf8) == Array(text.utf8))
            #expect(read.media == media.map(\.rawValue))
        }
    }

    private func fields(of event: Event) -> [UInt8] {
        var json: [UInt8] = []
        event.writeJSONFields(into: &json)
        return json
    }
}
