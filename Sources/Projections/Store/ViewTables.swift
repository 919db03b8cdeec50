internal import Bytes
internal import LMDB

/// The tables of one generation of read models, by noun. `docs/read-models.md` gives their keys and values.
public struct ViewTables: Sendable {
    let accounts: AccountTables
    let media: MediaTables
    let posts: PostTables
    let feed: FeedTables
    let likes: LikeTables
    let follows: FollowTables
    let pins: PinTables
    /// Of the store itself: name of a read model -> ``Checkpoint``
    let checkpoints: Table
    /// The store's own: `log` -> identity of the log that the views were built from; `position` -> position (8) of the
    /// last batch
    let meta: Table

    /// How many tables an environment can have.
    static let limit = 64

    init(_ environment: Environment) throws {
        accounts = try AccountTables(environment)
        media = try MediaTables(environment)
        posts = try PostTables(environment)
        feed = try FeedTables(environment)
        likes = try LikeTables(environment)
        follows = try FollowTables(environment)
        pins = try PinTables(environment)
        checkpoints = try environment.table("checkpoints")
        meta = try environment.table("meta")
    }

    /// The tables that a read model consists of.
    func tables(of model: ReadModel) -> [Table] { model.projector.tables(self) }

    /// Every table, the store's own included.
    var all: [Table] { ReadModel.allCases.flatMap { tables(of: $0) } + [checkpoints, meta] }
}

/// How far a projector has come. Row, big-endian: version of the projector (4), position (8).
struct Checkpoint: Equatable {
    var version: UInt32
    var position: UInt64

    init(version: UInt32, position: UInt64) {
        self.version = version
        self.position = position
    }

    init(_ bytes: UnsafeRawBufferPointer) throws(ViewCorruption) {
        guard bytes.count == 12 else { throw ViewCorruption(table: "checkpoints", key: "a checkpoint") }
        self.init(version: bytes.bigEndianUInt32(at: 0), position: bytes.bigEndianUInt64(at: 4))
    }

    var bytes: [UInt8] {
        var row: [UInt8] = []
        row.append(bigEndian: version)
        row.append(bigEndian: position)
        return row
    }
}
