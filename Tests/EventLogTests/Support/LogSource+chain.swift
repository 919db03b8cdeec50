import EventLog
import Hashing
import Journal

extension LogSource {
    /// The hash chain's value as `docs/storage-format.md` defines it, made from what the log shows.
    func recomputedChain() throws -> ChainHead {
        var hash = Blake2b.hash(Array("martlet-log".utf8) + identity, size: 32)
        var position: Position = 0
        _ = try read(after: 0, limit: .max) { record in
            hash = Blake2b.hash(hash + Array(record.bytes), size: 32)
            position = record.position
        }
        return ChainHead(position: position, hash: hash.withUnsafeBytes { ChainHash($0)! })
    }
}
