import Foundation
import Microblog
import PlainMicroblog
import PlainViews
import Projections
import TestSupport
import Testing

@testable import Application

/// Real input, where it is at hand: imported, queried, and built anew.
@Suite struct HiggsTests {
    /// Beside the package; not a part of it.
    private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data/higgs-20k.jsonl.gz")

    private static var isThere: Bool { FileManager.default.fileExists(atPath: file.path) }

    private static func lines() throws -> [String] {
        let bytes = try ChildProcess(["gunzip", "-c", file.path]).readToEnd()
        return bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(.enabled(if: isThere))
    func `Twenty thousand real commands are shown as the file says`() async throws {
        let file = ImportFile(lines: try Self.lines())
        let (expected, names) = try expectations(file)
        let data = DataOfTest()
        let live = try await data.open { martlet in
            let importer = try file.run(martlet)
            #expect(importer.progress.lines == file.lines.count)
            #expect(importer.progress.events == Int(expected.position))
            #expect(importer.names.sorted() == names.map { "\($0) \($1)" }.sorted())
            await martlet.catchUp()
            #expect(try expected.differences(from: martlet.views, stride: 37) == [])
            return try martlet.digests()
        }
        try data.removeViews()
        try await data.open { martlet in
            await martlet.catchUp()
            let rebuilt = try martlet.digests()
            #expect(rebuilt == live)
        }
    }

    /// What the file says, without any of Martlet's rules: each line is an event unless it is already so.
    private func expectations(_ file: ImportFile) throws -> (PlainMicroblog, [String: UInt64]) {
        var views = PlainMicroblog()
        var names: [String: UInt64] = [:]
        var pairs: Set<String> = []
        for text in file.lines {
            let line = try Array(text.utf8).withUnsafeBytes { try ImportLine($0) }
            let position = views.position + 1
            let post = PostID(names[line.post ?? ""] ?? 0)
            let target = AccountID(names[line.target ?? ""] ?? 0)
            let like = "\(line.user) likes \(post)"
            let follow = "\(line.user) follows \(target)"
            let event: Event
            switch line.action {
            case .register:
                names[line.user] = position
                event = .accountRegistered(
                    AccountRegistered(
                        handle: try Handle(line.user), name: try DisplayName(line.name ?? line.user), role: .member,
                        key: nil))
            case .post:
                names[line.post!] = position
                event = .postPublished(
                    PostPublished(
                        text: line.text!, replyTo: line.replyTo.map { PostID(names[$0]!) }, media: []))
            case .delete: event = .postDeleted(PostDeleted(post))
            case .like:
                guard pairs.insert(like).inserted else { continue }
                event = .postLiked(PostLiked(post))
            case .unlike:
                guard pairs.remove(like) != nil else { continue }
                event = .postUnliked(PostUnliked(post))
            case .follow:
                guard pairs.insert(follow).inserted else { continue }
                event = .accountFollowed(AccountFollowed(target))
            case .unfollow:
                guard pairs.remove(follow) != nil else { continue }
                event = .accountUnfollowed(AccountUnfollowed(target))
            case .media, .rename, .pin, .unpin: continue
            }
            let issuer = line.action == .register ? Issuer.operator : .account(AccountID(names[line.user]!))
            views.apply(
                RecordedEvent(
                    position: position, time: Timestamp(line.at)!.milliseconds, issuer: issuer, event: event))
        }
        return (views, names)
    }
}
