import FoundationEssentials
import Microblog
import SampleCommunity
import Testing

@Suite struct SampleLineTests {
    private let time = Timestamp(1_341_100_972_000)

    @Test func `A line says what the command says`() {
        func line(_ account: Int, _ action: SampleCommand.Action) -> String {
            SampleCommand(time: time, account: account, action: action).line
        }
        let start = #"{"at":"2012-07-01T00:02:52.000Z","do":"#
        #expect(
            line(1, .register(name: "Zoë \"Z\"", key: "test"))
                == start + #""register","user":"u1","name":"Zoë \"Z\"","key":"test"}"#)
        #expect(line(10, .register(name: "A", key: nil)) == start + #""register","user":"u10","name":"A"}"#)
        #expect(line(1, .follow(account: 20)) == start + #""follow","user":"u1","target":"u20"}"#)
        #expect(line(1, .unfollow(account: 2)) == start + #""unfollow","user":"u1","target":"u2"}"#)
        #expect(
            line(3, .post(number: 77, text: "a\\b\n\u{1}é", replyTo: 12, media: [5, 6]))
                == start
                + #""post","user":"u3","post":"p77","text":"a\\b\n\u0001é","reply_to":"p12","media":["m5","m6"]}"#)
        #expect(
            line(3, .post(number: 100, text: "x", replyTo: nil, media: []))
                == start + #""post","user":"u3","post":"p100","text":"x"}"#)
        #expect(line(2, .like(post: 77)) == start + #""like","user":"u2","post":"p77"}"#)
        #expect(line(2, .unlike(post: 77)) == start + #""unlike","user":"u2","post":"p77"}"#)
        #expect(line(2, .delete(post: 77)) == start + #""delete","user":"u2","post":"p77"}"#)
        for (file, base64) in [("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("~~~~", "fn5+fg==")] {
            #expect(
                line(1, .media(number: 5, file: Array(file.utf8)))
                    == start + #""media","user":"u1","media":"m5","base64":"\#(base64)"}"#)
        }
    }

    @Test func `Every line is JSON with the same text in it`() throws {
        struct Line: Decodable {
            let at: String
            let user: String
            let text: String?
            let base64: String?
        }
        let decoder = JSONDecoder()
        for command in SampleCommunity(commands: 2_000, seed: 9) {
            let line = try decoder.decode(Line.self, from: Data(command.line.utf8))
            #expect(Timestamp(line.at) == command.time)
            #expect(line.user == "u\(command.account)")
            if case .post(_, let text, _, _) = command.action { #expect(line.text == text) }
            if case .media(_, let file) = command.action {
                #expect(line.base64.flatMap { Data(base64Encoded: $0) } == Data(file))
            }
        }
    }
}
