import Bytes
import Microblog
import PlainViews
import TestSupport
import Testing

@testable import Projections

/// Rows read back as they were written; damaged ones are named, and never bring the process down.
@Suite struct RowCodecTests {
    private static let file = Attachment(
        content: ContentHash(bytes: [UInt8](0..<32))!, type: .webp)
    private static let otherFile = Attachment(
        content: ContentHash(bytes: [UInt8](repeating: 9, count: 32))!, type: .mp4)
    private static let post = {
        var row: [UInt8] = []
        PostRow.append(
            author: AccountID(3), time: -5, replyTo: PostID(8), likes: 0, attachments: [file], text: "grüße", to: &row)
        return row
    }()

    private static func account() throws -> [UInt8] {
        var row: [UInt8] = []
        AccountRow.append(
            time: 1_234, role: .admin, handle: try Handle("zoe"), name: try DisplayName("Zoë"), to: &row)
        return row
    }

    @Test func anAccountReadsBack() throws {
        try Self.account().withUnsafeBytes { bytes in
            let row = try AccountRow(id: AccountID(5), bytes)
            #expect(row.time == 1_234)
            #expect(row.role == .admin)
            #expect(String(decoding: row.handle, as: UTF8.self) == "zoe")
            #expect(String(decoding: row.name, as: UTF8.self) == "Zoë")
        }
    }

    @Test func aPostReadsBackAndTakesFurtherFiles() throws {
        var row = try PostRow.attaching(Self.otherFile, to: Self.post, id: PostID(9))
        row.storeBigEndian(UInt32(77), at: PostRow.likesOffset)
        try row.withUnsafeBytes { bytes in
            let post = try PostRow(id: PostID(9), bytes)
            #expect(post.author == AccountID(3))
            #expect(post.time == -5)
            #expect(post.replyTo == PostID(8))
            #expect(post.likes == 77)
            #expect(String(decoding: post.text, as: UTF8.self) == "grüße")
            #expect(post.attachmentCount == 2)
            #expect(try post.attachment(at: 0) == Self.file)
            #expect(try post.attachment(at: 1) == Self.otherFile)
        }
    }

    @Test func smallRowsReadBack() throws {
        let author = AuthorRow(
            newest: FeedEntry(PostID(9)), top: FeedEntry(PostID(4)), topLikes: .max, posts: 12)
        let sharing = AuthorRow(
            newest: FeedEntry(id: 9, showing: PostID(2)), top: FeedEntry(PostID(4)), topLikes: 1, posts: 1)
        let counts = FollowCountsRow(followers: 1, following: .max)
        let media = MediaRow(owner: AccountID(2), post: nil, size: .max, file: Self.file)
        let attached = MediaRow(owner: AccountID(2), post: PostID(6), size: 1, file: Self.file)
        let content = ContentRow(references: 3, type: .gif, size: 1 << 40)
        #expect(try Self.read(author.append) { try AuthorRow($0) } == author)
        #expect(try Self.read(sharing.append) { try AuthorRow($0) } == sharing)
        for entry in [author.newest, sharing.newest] {
            #expect(
                try Self.read(entry.appendValue) { try FeedEntry(id: 9, value: $0, table: "by_time") } == entry)
        }
        #expect(try Self.read(counts.append) { try FollowCountsRow($0) } == counts)
        #expect(try Self.read(media.append) { try MediaRow($0) } == media)
        #expect(try Self.read(attached.append) { try MediaRow($0) } == attached)
        #expect(try Self.read(content.append) { try ContentRow($0) } == content)
        let checkpoint = Checkpoint(version: 3, position: 1 << 50)
        #expect(try checkpoint.bytes.withUnsafeBytes { try Checkpoint($0) } == checkpoint)
    }

    @Test func rowsThatAreCutOffOrTooLongAreNamed() throws {
        let account = try Self.account()
        for count in 0..<(AccountRow.headerSize + 3) {
            #expect(throws: ViewCorruption.self) {
                try Self.read(account.prefix(count)) { try AccountRow(id: AccountID(1), $0) }
            }
        }
        for count in 0..<(Self.post.count - "grüße".utf8.count) {
            #expect(throws: ViewCorruption.self) {
                try Self.read(Self.post.prefix(count)) { try PostRow(id: PostID(1), $0) }
            }
        }
        for count in 0..<100 {
            let bytes = [UInt8](repeating: 1, count: count)
            if count != 24, count != 40 {
                #expect(throws: ViewCorruption.self) { try Self.read(bytes[...]) { try AuthorRow($0) } }
            }
            if count != 8 {
                #expect(throws: ViewCorruption.self) { try Self.read(bytes[...]) { try FollowCountsRow($0) } }
            }
            if count != 57 { #expect(throws: ViewCorruption.self) { try Self.read(bytes[...]) { try MediaRow($0) } } }
            if count != 13 { #expect(throws: ViewCorruption.self) { try Self.read(bytes[...]) { try ContentRow($0) } } }
            if count != 12 { #expect(throws: ViewCorruption.self) { try Self.read(bytes[...]) { try Checkpoint($0) } } }
            if count != 0, count != 8 {
                #expect(throws: ViewCorruption.self) {
                    try Self.read(bytes[...]) { try FeedEntry(id: 1, value: $0, table: "by_time") }
                }
            }
        }
    }

    @Test func randomBytesNeverTrap() throws {
        var random = SplitMix64(seed: 5)
        for _ in 0..<3_000 {
            var bytes = (0..<random.below(120)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            // Small lengths are met by chance too seldom.
            if bytes.count > 31, random.below(2) == 0 { bytes[28] = 1 }
            bytes.withUnsafeBytes { bytes in
                if let post = try? PostRow(id: PostID(1), bytes) {
                    for index in 0..<post.attachmentCount { _ = try? post.attachment(at: index) }
                    _ = (post.author, post.text.count, post.replyTo)
                }
                if let account = try? AccountRow(id: AccountID(1), bytes) {
                    _ = (account.role, account.handle.count, account.name.count)
                }
                _ = try? MediaRow(bytes)
                _ = try? ContentRow(bytes)
            }
        }
    }

    @Test func anUnknownMediaTypeIsDamage() {
        var media: [UInt8] = []
        MediaRow(owner: AccountID(2), post: nil, size: 1, file: Self.file).append(to: &media)
        media[media.count - 1] = 200
        #expect(throws: ViewCorruption.self) { try Self.read(media[...]) { try MediaRow($0) } }
        var content: [UInt8] = []
        ContentRow(references: 1, type: .gif, size: 1).append(to: &content)
        content[4] = 0
        #expect(throws: ViewCorruption.self) { try Self.read(content[...]) { try ContentRow($0) } }
    }

    private static func read<Row>(
        _ write: (inout [UInt8]) -> Void, _ decode: (UnsafeRawBufferPointer) throws -> Row
    ) throws -> Row {
        var bytes: [UInt8] = []
        write(&bytes)
        return try bytes.withUnsafeBytes { try decode($0) }
    }

    @discardableResult
    private static func read<Row>(
        _ bytes: ArraySlice<UInt8>, _ decode: (UnsafeRawBufferPointer) throws -> Row
    ) throws -> Bool {
        _ = try Array(bytes).withUnsafeBytes { try decode($0) }
        return true
    }
}
