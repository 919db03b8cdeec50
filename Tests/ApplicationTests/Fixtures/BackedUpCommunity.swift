import EventLog
import FoundationEssentials
import Glibc
import Microblog
import PlainViews
import Projections
import Sealing
import TestSupport

@testable import Application
@testable import Backup

/// A data directory with something of everything, a file to back it up to, and a directory to restore it into.
struct BackedUpCommunity {
    let data = DataOfTest()
    private let directory = TemporaryDirectory()
    var file: String { directory.path + "/backup" }
    var restored: String { directory.path + "/restored" }
    /// The digests of the read models at each position, as they were when it was the newest; from position 1.
    private(set) var digests: [[ReadModelDigest]] = []
    /// The events, as lines.
    private(set) var events: [String] = []
    /// A content that was deleted with its post, after the position of its upload.
    private(set) var deleted: (content: ContentHash, upload: UInt64, deletion: UInt64)?

    /// Commands that led to no event, with their keys; all of account 1.
    static let answered: [(key: String, command: Command)] = [
        ("rejected", .likePost(LikePost(PostID(900)))), ("unchanged", .unfollowAccount(UnfollowAccount(AccountID(2)))),
    ]

    static func make() async throws -> BackedUpCommunity {
        var community = BackedUpCommunity()
        var digests: [[ReadModelDigest]] = []
        var deleted: (content: ContentHash, upload: UInt64, deletion: UInt64)?
        try await community.data.open { martlet in
            func happened() throws {
                let state = try martlet.views.store.digests()
                while digests.count < Int(state.position) { digests.append(state.digests) }
            }
            let ann = try await martlet.register("ann", key: "key-of-ann")
            try happened()
            let bob = try await martlet.register("bob")
            try happened()
            for number in 1...3 {
                let (upload, post, content) = try await martlet.publishPicture(number, size: 150 * number, by: ann) {
                    try happened()
                }
                _ = try await martlet.execute(
                    .likePost(LikePost(post)), by: .account(bob), idempotencyKey: "like-\(number)")
                try happened()
                if number == 2 {
                    let deletion = try await martlet.execute(.deletePost(DeletePost(post)), by: .account(ann)).position
                    deleted = (content, upload.rawValue, deletion)
                    try happened()
                }
            }
            for (key, command) in answered {
                _ = try? await martlet.execute(command, by: .account(ann), idempotencyKey: key)
            }
            _ = try await martlet.execute(.followAccount(FollowAccount(ann)), by: .account(bob))
            try happened()
        }
        community.digests = digests
        community.deleted = deleted
        community.events = try community.data.export()
        return community
    }

    /// Backs it up.
    @discardableResult
    func backUp(_ change: (inout Backup) -> Void = { _ in }) throws -> BackupReport {
        var backup = Backup()
        change(&backup)
        return try backup.write(dataDirectory: data.path, to: file)
    }

    /// Its keys.
    func keys() throws -> KeyBackup {
        try KeyBackup(
            of: DataLayout(data.path).readKeys(of: LogReader(directory: DataLayout(data.path).log)),
            path: "keys")
    }

    /// Restores it, with the keys that it has.
    @discardableResult
    func restore(_ change: (inout Restore) -> Void = { _ in }) throws -> BackupReport {
        var restore = Restore()
        restore.keys = try keys()
        change(&restore)
        return try restore.run(file, into: restored)
    }

    /// Opens what was restored, and closes it in order after `body`.
    func openRestored<Result>(_ body: (Martlet) async throws -> Result) async throws -> Result {
        let martlet = try Martlet(DataDirectory(restored, create: false))
        await martlet.catchUp()
        let result = try await body(martlet)
        try await martlet.close()
        return result
    }

    /// The digests of what was restored.
    func restoredDigests() async throws -> [ReadModelDigest] { try await openRestored { try $0.digests() } }

    /// The events of what was restored, as lines.
    func restoredEvents() throws -> [String] {
        var lines: [String] = []
        try EventReader(dataDirectory: restored).lines { lines.append(String(decoding: copy $0, as: UTF8.self)) }
        return lines
    }

    /// Where a content is, in the directory that was backed up or in the restored one.
    func path(of content: ContentHash, in directory: String? = nil) -> String {
        MediaLayout(root: (directory ?? data.path) + "/media").path(of: content)
    }

    /// The backup's bytes.
    var bytes: [UInt8] {
        get throws { Array(try Data(contentsOf: URL(filePath: file))) }
    }

    /// Puts bytes in the place of the backup's.
    func replace(by bytes: some Sequence<UInt8>) throws { try Data(bytes).write(to: URL(filePath: file)) }

    /// What is there beside the backup: names in the directory of both.
    var neighbours: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted() }
    }

    func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
