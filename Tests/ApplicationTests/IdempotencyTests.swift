import Microblog
import Testing

@testable import Application

/// A command that is sent again under its idempotency key gets its first answer, whatever has happened since.
@Suite struct IdempotencyTests {
    private let data = DataOfTest()

    private func outcome(
        _ martlet: Martlet, _ command: Command, by account: AccountID, _ key: String
    ) async -> String {
        do {
            return "\(try await martlet.execute(command, by: .account(account), idempotencyKey: key))"
        } catch {
            return "\(error)"
        }
    }

    @Test func `Every kind of answer is given again`() async throws {
        let (zoe, commands) = try await data.open { martlet in
            let zoe = try await martlet.register("zoe")
            let post = try await martlet.publish(by: zoe)
            let commands: [(String, Command)] = [
                ("event", .publishPost(PublishPost(text: "again", replyTo: nil, media: []))),
                ("rejected", .likePost(LikePost(PostID(900)))),
                ("liked", .likePost(LikePost(post))),
                ("unchanged", .likePost(LikePost(post))),
                ("unliked", .unlikePost(UnlikePost(post))),
            ]
            return (zoe, commands)
        }
        var first: [String] = []
        for round in 0..<3 {
            try await data.open { martlet in
                for _ in 0..<2 {
                    var answers: [String] = []
                    for (key, command) in commands {
                        answers.append(await outcome(martlet, command, by: zoe, key))
                    }
                    if first.isEmpty {
                        first = answers
                        #expect(
                            first == ["event(3)", "there is no post 900", "event(4)", "unchanged", "event(5)"])
                    }
                    #expect(answers == first, "round \(round)")
                }
                #expect(martlet.newest.position == 5)
            }
        }
    }

    @Test func `A key is of one command and one account`() async throws {
        try await data.open { martlet in
            let zoe = try await martlet.register("zoe")
            let ada = try await martlet.register("ada")
            let post = Command.publishPost(PublishPost(text: "a", replyTo: nil, media: []))
            #expect(await outcome(martlet, post, by: zoe, "key") == "event(3)")
            #expect(await outcome(martlet, post, by: ada, "key") == "event(4)")
            let other = Command.publishPost(PublishPost(text: "b", replyTo: nil, media: []))
            #expect(await outcome(martlet, other, by: zoe, "key").contains("\"key\" was used before"))
            #expect(await outcome(martlet, other, by: zoe, "another key") == "event(5)")
            #expect(martlet.newest.position == 5)
        }
    }
}
