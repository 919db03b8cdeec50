import Foundation
import Microblog
import PlainViews
import Testing

@testable import Application

/// All that ever happened to one account, post or file, and nothing else.
@Suite struct EntityHistoryTests {
    private let data = DataOfTest()

    /// The positions of an entity's events.
    private func history(_ name: String) throws -> [UInt64] {
        let events = try EventReader(dataDirectory: data.path)
        var positions: [UInt64] = []
        try events.history(of: #require(Stream(name: name))) { line in
            let text = String(decoding: copy line, as: UTF8.self)
            positions.append(UInt64(text.dropFirst("{\"position\":".count).prefix { $0.isNumber }) ?? 0)
        }
        return positions
    }

    private func failure(_ name: String) throws -> String? {
        do {
            _ = try history(name)
            return nil
        } catch let error as NoSuchEntity {
            return error.description
        }
    }

    /// ann 1, bob 2, post 3 by ann, its like by bob 4, file 5 and 6 by ann, post 7 with 5, attached 6 at 8, follow 9,
    /// unfollow 10, key issued 11 and revoked 12 for ann, unlike 13, deletion of 7 at 14, cid 15, his post 16.
    private func fill() async throws {
        try await data.open { martlet in
            func run(_ command: Command, _ issuer: Issuer) async throws {
                _ = try await martlet.execute(command, by: issuer)
            }
            let ann = try await martlet.register("ann", key: "key-of-ann")
            let bob = try await martlet.register("bob")
            let first = try await martlet.publish("first", by: ann)
            try await run(.likePost(LikePost(first)), .account(bob))
            var files: [MediaID] = []
            for number in 0..<2 {
                let content = try martlet.media.keep(picture(number))
                let command = Command.uploadMedia(UploadMedia(content: content.content, type: .gif, size: 1_000))
                files.append(MediaID(try await martlet.execute(command, by: .account(ann)).position))
            }
            let second = PostID(
                try await martlet.execute(
                    .publishPost(PublishPost(text: "second", replyTo: first, media: [files[0]])), by: .account(ann)
                ).position)
            try await run(.attachMedia(AttachMedia(files[1], to: second)), .account(ann))
            try await run(.followAccount(FollowAccount(ann)), .account(bob))
            try await run(.unfollowAccount(UnfollowAccount(ann)), .account(bob))
            let key = try #require(AccessKey("another-key")).hash
            try await run(.issueKey(IssueKey(account: ann, key: key)), .operator)
            try await run(.revokeKey(RevokeKey(key)), .operator)
            try await run(.unlikePost(UnlikePost(first)), .account(bob))
            try await run(.deletePost(DeletePost(second)), .account(ann))
            let cid = try await martlet.register("cid")
            _ = try await martlet.publish("third", by: cid)
        }
    }

    @Test func `Every kind of entity has its events in order`() async throws {
        try await fill()
        #expect(try history("account/1") == [1, 3, 5, 6, 7, 8, 9, 10, 11, 12, 14])
        #expect(try history("account/2") == [2, 4, 9, 10, 13])
        #expect(try history("handle/bob") == [2, 4, 9, 10, 13])
        #expect(try history("account/15") == [15, 16])
        #expect(try history("handle/cid") == [15, 16])
        #expect(try history("post/3") == [3, 4, 13])
        #expect(try history("post/7") == [7, 8, 14])
        #expect(try history("media/5") == [5, 7, 14])
        #expect(try history("media/6") == [6, 8, 14])
        #expect(try history("like/3/2") == [4, 13])
        #expect(try history("follow/2/1") == [9, 10])
        let first = try #require(AccessKey("key-of-ann")).hash
        let second = try #require(AccessKey("another-key")).hash
        #expect(try history("key/\(first)") == [1])
        #expect(try history("key/\(second)") == [11, 12])
    }

    @Test func `A handle's history follows who has it, an account's its changes`() async throws {
        try await data.open { martlet in
            func change(_ account: AccountID, by issuer: Issuer, name: String?, handle: String?) async throws {
                let command = ChangeAccount(
                    account: account, name: try name.map { try DisplayName($0) },
                    handle: try handle.map { try Handle($0) })
                _ = try await martlet.execute(.changeAccount(command), by: issuer)
            }
            let first = try #require(AccessKey("key-of-ann")).hash
            let ann = try await martlet.register("ann", key: "key-of-ann")  // 1
            let bob = try await martlet.register("bob")  // 2
            _ = try await martlet.publish("as ann", by: ann)  // 3
            try await change(ann, by: .operator, name: "Ann Lee", handle: nil)  // 4
            try await change(ann, by: .account(ann), name: nil, handle: "lee")  // 5
            _ = try await martlet.publish("as lee", by: ann)  // 6
            _ = try await martlet.execute(.revokeKey(RevokeKey(first)), by: .operator)  // 7
            _ = try await martlet.publish("as bob", by: bob)  // 8
            try await change(ann, by: .operator, name: nil, handle: "ann")  // 9
            _ = try await martlet.publish("as ann again", by: ann)  // 10
            try await change(ann, by: .account(ann), name: "Ann Lee", handle: "ANN")  // already so
        }
        #expect(try history("account/1") == [1, 3, 4, 5, 6, 7, 9, 10])
        #expect(try history("name/1") == [4, 5, 9])
        #expect(try history("handle/ann") == [1, 3, 4, 5, 9, 10])
        #expect(try history("handle/lee") == [5, 6, 7, 9])
        #expect(try history("handle/bob") == [2, 8])
        #expect(try failure("name/2") == "there never was name/2: no event up to position 10 is about it")
    }

    @Test func `What never existed is named with the reason`() async throws {
        try await fill()
        #expect(
            try failure("post/812") == "there never was post/812: the newest event of the log is at position 16")
        #expect(try failure("post/17") == "there never was post/17: the newest event of the log is at position 16")
        #expect(
            try failure("post/4") == "there never was post/4: the event at that position is post_liked")
        #expect(
            try failure("media/7") == "there never was media/7: the event at that position is post_published")
        #expect(
            try failure("account/16") == "there never was account/16: the event at that position is post_published")
        #expect(try failure("handle/dan") == "there never was handle/dan: no event up to position 16 is about it")
        #expect(try failure("like/7/2") == "there never was like/7/2: no event up to position 16 is about it")
    }
}
