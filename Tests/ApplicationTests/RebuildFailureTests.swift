import EventLog
import FoundationEssentials
import Glibc
import Microblog
import Projections
import Testing

@testable import Application

@Suite struct RebuildFailureTests {
    @Test func `An event that cannot be applied fails the rebuild and the old generation goes on`() async throws {
        let data = DataOfTest()
        try await data.open { martlet in
            let zoe = try await martlet.register("zoe")
            _ = await martlet.append(
                .mediaAttached(MediaAttached(MediaID(900), to: PostID(2))), at: 2, by: .account(zoe))
            try martlet.beginRebuild()
            await martlet.settle()
            guard case .failed(_, let reason) = martlet.rebuildStatus else {
                Issue.record("the rebuild ended otherwise: \(martlet.rebuildStatus)")
                return
            }
            #expect(reason == "read model media cannot be built: event 2: media 900 was never uploaded")
            let views = try FileManager.default.contentsOfDirectory(atPath: data.path + "/views").sorted()
            #expect(views == ["1", "current"])
            _ = try await martlet.register("ada")
            let stopped = martlet.projectors.filter { $0.state.name == "stopped" }
            #expect(stopped.map(\.model) == [.media])
            #expect(martlet.projectors.count { $0.state == .live } == ReadModel.allCases.count - 1)
        }
    }
}

/// Whether this process may mount a small file system to fill; the others know no other way to a disk that is full.
private let canMount = MediaDirectory(bytes: 4_096) != nil

@Suite(.enabled(if: canMount, "a small file system can be mounted by root only"))
struct RebuildFullDiskTests {
    @Test func `A disk that is full fails the rebuild and the old generation goes on`() async throws {
        let disk = try #require(MediaDirectory(bytes: 40 << 20))
        let martlet = try Martlet(DataDirectory(disk.path, create: true), MartletConfiguration())
        let accounts = [try await martlet.register("ada")]
        // Their rows need more room than will be left.
        let text = String(repeating: "𝓜", count: 1_000)
        for _ in 0..<400 {
            let post = PublishPost(text: text, replyTo: nil, media: [])
            _ = try await martlet.execute(.publishPost(post), by: .account(accounts[0]))
        }
        let filler = disk.path + "/filler"
        fill(filler, leaving: 1 << 20)
        try martlet.beginRebuild()
        await martlet.settle()
        guard case .failed(_, let reason) = martlet.rebuildStatus else {
            Issue.record("the rebuild ended otherwise: \(martlet.rebuildStatus)")
            return
        }
        #expect(reason.contains("/views/2"), "\(reason)")
        let views = disk.files().filter { $0.hasPrefix("views/") }
        #expect(views == ["views/1/data.mdb", "views/1/lock.mdb", "views/1/trust", "views/current"])
        _ = try await martlet.publish(by: accounts[0])
        #expect(martlet.projectors.allSatisfy { $0.state == .live })
        try FileManager.default.removeItem(atPath: filler)
        try martlet.beginRebuild()
        await martlet.settle()
        #expect(martlet.rebuildStatus.name == "done")
        try await martlet.close()
    }

    /// Writes a file until a file system has so many bytes left.
    private func fill(_ file: String, leaving rest: Int) {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(descriptor) }
        let block = [UInt8](repeating: 0x78, count: 65_536)
        var size = 0
        while case let count = write(descriptor, block, block.count), count > 0 { size += count }
        ftruncate(descriptor, size - rest)
    }
}
