import EventLog
import FoundationEssentials
import Glibc
import Journal
import Microblog
import Projections
import Testing

@testable import Application
@testable import Backup

/// Everything at one position in one file, and back. One after the other, since they wait for the disk.
@Suite(.serialized) struct BackupTests {
    @Test(arguments: [false, true])
    func `A restored directory holds what the other held`(withViews: Bool) async throws {
        let community = try await BackedUpCommunity.make()
        let written = try community.backUp { $0.withViews = withViews }
        let report = try community.restore()
        #expect(written == report)
        #expect(report.position == UInt64(community.events.count))
        #expect(report.answers == 2)
        #expect(report.files == 2)
        #expect(report.missing == 0)
        #expect(report.views == (withViews ? report.position : nil))
        #expect((report.rows > 0) == withViews)
        #expect(report.bytes == UInt64(try community.bytes.count))
        #expect(try community.neighbours == ["backup", "restored"])
        #expect(try community.restoredEvents() == community.events)
        let names = try FileManager.default.contentsOfDirectory(atPath: community.restored).sorted()
        #expect(names == ["keys", "lock", "log", "master.key", "media"] + (withViews ? ["views"] : []))

        let (source, copy) = (LogIdentity(community.data.path), LogIdentity(community.restored))
        #expect(try source.chain() == copy.chain())
        #expect(try copy.chain() == report.chain)
        #expect(try source.identity() == copy.identity())
        // Read models that came along are taken as they are.
        if withViews {
            let generations = try ViewGenerations(
                directory: community.restored + "/views", log: copy.identity(), head: report.position)
            #expect(generations.position == report.position)
            #expect(generations.current.number == 1)
            try generations.close()
        }
        try await community.openRestored { martlet in
            #expect(try martlet.digests() == community.digests.last)
            let sweeper = try martlet.media.sweep { content in
                (try? martlet.views.read { try $0.content(content) != nil }) ?? true
            }
            #expect(sweeper.removed.isEmpty, "no file too many was restored")
            for number in [1, 3] {
                let bytes = picture(number, size: 150 * number)
                #expect(try martlet.media.read(try martlet.media.keep(bytes).content) == bytes)
            }
            // Idempotency keys are known as before, those of commands without an event too.
            for (key, command) in BackedUpCommunity.answered {
                await #expect(throws: CommandFailure.self) {
                    _ = try await martlet.execute(
                        .deletePost(DeletePost(PostID(4))), by: .account(AccountID(1)), idempotencyKey: key)
                }
                _ = try? await martlet.execute(command, by: .account(AccountID(1)), idempotencyKey: key)
            }
            let like = try await martlet.execute(
                .likePost(LikePost(PostID(4))), by: .account(AccountID(2)), idempotencyKey: "like-1")
            #expect(like == .event(5))
            #expect(martlet.newest.position == report.position)
            // And it goes on.
            #expect(try await martlet.publish(by: AccountID(2)).rawValue == report.position + 1)
        }
    }

    @Test func `A backup of a backup is the same but for its time`() async throws {
        let community = try await BackedUpCommunity.make()
        try community.backUp()
        try community.restore()
        let second = community.file + "-2"
        var backup = Backup()
        _ = try backup.write(dataDirectory: community.restored, to: second)
        backup.withViews = true
        let (first, again) = (
            try BackupFileReader(community.file).parts(), try BackupFileReader(second).parts()
        )
        #expect(first.count == again.count)
        #expect(first.dropFirst() == again.dropFirst())
    }

    @Test func `An empty log is backed up and restored`() async throws {
        let data = DataOfTest()
        try await data.open { _ in }
        let file = data.path + "-backup"
        let written = try Backup().write(dataDirectory: data.path, to: file)
        #expect(written.position == 0)
        let restored = data.path + "-restored"
        #expect(try Restore().run(file, into: restored) == written)
        #expect(try LogIdentity(restored).identity() == LogIdentity(data.path).identity())
        var early = Restore()
        early.until = .position(1)
        #expect(throws: MomentError.emptyLog(.position(1))) { try early.run(file, into: restored + "-2") }
        let martlet = try Martlet(DataDirectory(restored, create: false))
        #expect(try await martlet.register("ann") == AccountID(1))
        try await martlet.close()
    }

    @Test func `A file that is there is left as it is`() async throws {
        let community = try await BackedUpCommunity.make()
        try community.replace(by: Array("precious".utf8))
        #expect(throws: BackupFileError.exists(community.file)) { try community.backUp() }
        #expect(try community.bytes == Array("precious".utf8))
        #expect(try community.neighbours == ["backup"])
        try FileManager.default.removeItem(atPath: community.file)
        symlink("nowhere", community.file)
        #expect(throws: BackupFileError.exists(community.file)) { try community.backUp() }
    }

    @Test func `What a killed backup left is written over but not what one is writing`() async throws {
        let community = try await BackedUpCommunity.make()
        let part = community.file + ".part"
        try Data(repeating: 7, count: 1 << 20).write(to: URL(filePath: part))
        let other = open(part, O_WRONLY | O_CLOEXEC)
        flock(other, LOCK_EX)
        #expect(throws: BackupFileError.inUse(part)) { try community.backUp() }
        // A child that another test begins just now has the descriptor too, until it becomes its program.
        flock(other, LOCK_UN)
        close(other)
        try community.backUp()
        #expect(try community.neighbours == ["backup"])
        try community.restore()
        #expect(try community.restoredEvents() == community.events)
    }

    @Test func `A file that appears meanwhile is left as it is`() async throws {
        let community = try await BackedUpCommunity.make()
        let error = #expect(throws: BackupFileError.self) {
            try community.backUp { backup in
                backup.progress = { _ in try community.replace(by: Array("precious".utf8)) }
            }
        }
        #expect(error == .exists(community.file))
        #expect(try community.bytes == Array("precious".utf8))
        #expect(try community.neighbours == ["backup"])
    }

    @Test func `A backup that is broken off leaves nothing`() async throws {
        struct Enough: Error {}
        let community = try await BackedUpCommunity.make()
        for stage in [BackupProgress.Stage.events, .files] {
            #expect(throws: Enough.self) {
                try community.backUp { backup in
                    backup.progress = { if $0.stage == stage { throw Enough() } }
                }
            }
            #expect(try community.neighbours == [])
        }
    }

    @Test func `A missing file ends the backup unless it may be left out`() async throws {
        let community = try await BackedUpCommunity.make()
        let content = try #require(ContentHash(bytes: sha256(picture(3, size: 450))))
        let path = community.path(of: content)
        unlink(path)
        let missing = BackupError.mediaMissing(content, path: path, holders: "media/10 on post/11")
        #expect(throws: missing) { try community.backUp() }
        #expect(missing.description.contains("\(content) of media/10 on post/11"))
        #expect(try community.neighbours == [])

        var notes: [String] = []
        let report = try community.backUp { backup in
            backup.skipsMissing = true
            backup.note = { notes.append($0) }
        }
        #expect(report.files == 1)
        #expect(report.missing == 1)
        #expect(notes == [missing.description])
        #expect(try community.restore() == report)
        #expect(!community.isThere(community.path(of: content, in: community.restored)))
    }

    @Test func `A file that nothing refers to is neither needed nor taken`() async throws {
        let community = try await BackedUpCommunity.make()
        let deleted = try #require(community.deleted)
        #expect(!community.isThere(community.path(of: deleted.content)))
        try Data(picture(2, size: 300)).write(to: URL(filePath: community.path(of: deleted.content)))
        #expect(try community.backUp().files == 2)
    }

    @Test(arguments: [449, 450, 451])
    func `A damaged file ends the backup`(length: Int) async throws {
        let community = try await BackedUpCommunity.make()
        let content = try #require(ContentHash(bytes: sha256(picture(3, size: 450))))
        let path = community.path(of: content)
        var bytes = picture(3, size: 450)
        bytes[200] ^= 1
        try Data((bytes + [0]).prefix(length)).write(to: URL(filePath: path))
        let damaged = BackupError.mediaDamaged(content, path: path, holders: "media/10 on post/11")
        for skips in [false, true] {
            #expect(throws: damaged) { try community.backUp { $0.skipsMissing = skips } }
        }
        #expect(try community.neighbours == [])
    }

    @Test func `Read models that cannot be used are named`() async throws {
        let community = try await BackedUpCommunity.make()
        let views = community.data.path + "/views"
        let trust = views + "/1/trust"
        try Data("another start of the machine\n".utf8).write(to: URL(filePath: trust))
        #expect(throws: UntrustedViews.self) { try community.backUp { $0.withViews = true } }
        try community.data.removeViews()
        #expect(throws: ViewsUnusable.self) { try community.backUp { $0.withViews = true } }
        #expect(try community.neighbours == [])
        try community.backUp()
    }

    @Test func `What is not a data directory is named and nothing is made`() async throws {
        let community = try await BackedUpCommunity.make()
        #expect(throws: DataDirectoryError.self) {
            try Backup().write(dataDirectory: community.restored, to: community.file)
        }
        let deep = community.file + "/no/such"
        let error = #expect(throws: BackupFileError.self) {
            try Backup().write(dataDirectory: community.data.path, to: deep)
        }
        #expect(error == .system("create", deep + ".part", ENOENT))
        #expect(try community.neighbours == [])
    }
}

/// What names a log.
struct LogIdentity {
    private let directory: String

    init(_ dataDirectory: String) { directory = dataDirectory + "/log" }

    func identity() throws -> [UInt8] { try LogReader(directory: directory).identity }
    func chain() throws -> String { try LogReader(directory: directory).chainHead.hash.description }
}
