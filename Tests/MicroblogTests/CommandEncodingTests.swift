import Microblog
import TestSupport
import Testing

@Suite struct CommandEncodingTests {
    static let alice = try! Handle("alice")
    static let name = try! DisplayName("Älice")
    static let key = KeyHash(bytes: Array(0..<32))!
    static let content = ContentHash(bytes: Array(0xe0...0xff))!

    /// Command and bytes of `docs/events.md`, put together by hand. They never change: the fingerprints in logs are
    /// hashes of them.
    static let golden: [(command: Command, bytes: String)] = [
        (
            .registerAccount(RegisterAccount(handle: alice, name: name, role: .admin, key: key)),
            "0105616c69636500000006c3846c6963650201000102030405060708090a0b0c"
                + "0d0e0f101112131415161718191a1b1c1d1e1f"
        ),
        (
            .issueKey(IssueKey(account: AccountID(17), key: key)),
            "020000000000000011000102030405060708090a0b0c0d0e0f10111213141516"
                + "1718191a1b1c1d1e1f"
        ),
        (
            .revokeKey(RevokeKey(key)),
            "03000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
        ),
        (
            .publishPost(PublishPost(text: "hi 🐦", replyTo: PostID(812), media: [MediaID(30)])),
            "0400000007686920f09f90a6000000000000032c00000001000000000000001e"
        ),
        (
            .publishPost(PublishPost(text: "hi", replyTo: nil, media: [])),
            "04000000026869000000000000000000000000"
        ),
        (
            .deletePost(DeletePost(PostID(812))),
            "05000000000000032c"
        ),
        (
            .likePost(LikePost(PostID(812))),
            "06000000000000032c"
        ),
        (
            .unlikePost(UnlikePost(PostID(812))),
            "07000000000000032c"
        ),
        (
            .followAccount(FollowAccount(AccountID(20))),
            "080000000000000014"
        ),
        (
            .unfollowAccount(UnfollowAccount(AccountID(20))),
            "090000000000000014"
        ),
        (
            .uploadMedia(UploadMedia(content: content, type: .mp4, size: 1_000_000)),
            "0ae0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfe"
                + "ff0500000000000f4240"
        ),
        (
            .attachMedia(AttachMedia(MediaID(30), to: PostID(812))),
            "0b000000000000001e000000000000032c"
        ),
        (
            .changeAccount(ChangeAccount(account: AccountID(17), name: name, handle: alice)),
            "0c00000000000000110100000006c3846c6963650105616c696365"
        ),
        (
            .changeAccount(ChangeAccount(account: AccountID(17), name: name, handle: nil)),
            "0c00000000000000110100000006c3846c69636500"
        ),
        (
            .changeAccount(ChangeAccount(account: AccountID(17), name: nil, handle: alice)),
            "0c0000000000000011000105616c696365"
        ),
    ]

    @Test(arguments: golden)
    func `A command is written as documented`(command: Command, bytes: String) {
        #expect(hex(encoded(command)) == bytes)
    }

    @Test func `A command is appended to what is there`() {
        var bytes: [UInt8] = [9, 9]
        Command.deletePost(DeletePost(PostID(1))).encode(into: &bytes)
        #expect(bytes == [9, 9, 5, 0, 0, 0, 0, 0, 0, 0, 1])
    }

    @Test func `Commands are equal if and only if their bytes are`() {
        var random = SplitMix64(seed: 11)
        let commands = (0..<600).map { _ in random.smallCommand() }
        let bytes = commands.map { encoded($0) }
        var equal = 0
        for left in commands.indices {
            for right in commands.indices where (commands[left] == commands[right]) != (bytes[left] == bytes[right]) {
                Issue.record("\(commands[left]) and \(commands[right])")
            }
            equal += commands[..<left].contains(commands[left]) ? 1 : 0
        }
        #expect(equal > 50)
    }

    private func encoded(_ command: Command) -> [UInt8] {
        var bytes: [UInt8] = []
        command.encode(into: &bytes)
        return bytes
    }
}
