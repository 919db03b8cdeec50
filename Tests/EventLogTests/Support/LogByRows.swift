import EventLog
import Foundation
import Journal
import LMDB

/// A log that is written row by row after `docs/storage-format.md`: a long one is made in no time.
enum LogByRows {
    static let identity = [UInt8](0xa0...0xaf)

    /// Writes so many events of one stream, one a millisecond from 1 on.
    static func write(_ path: String, ofEvents count: Position) throws {
        let environment = try Environment(path: path, mapSize: 1 << 28, durability: .onSync)
        for table in ["events", "streams", "commands", "meta", "chain"] { _ = try environment.table(table) }
        try environment.put("meta", Array("format".utf8), Array("martlet-log 3".utf8))
        try environment.put("meta", Array("identity".utf8), identity)
        let (events, chain) = (try environment.table("events"), try environment.table("chain"))
        try environment.write { transaction in
            var hash = ChainHash(identity: identity)
            for position in 1...count {
                let record = ReferenceRecord.bytes(
                    .of("a"), versions: [position], position: position, time: Int64(position), idempotency: nil)
                record.withUnsafeBytes { hash.append($0) }
                try ReferenceRecord.bigEndian(position, 8).withUnsafeBytes { key in
                    try record.withUnsafeBytes { try transaction.put(events, key, $0, .append) }
                    guard position % ChainHash.milestone == 0 || position == count else { return }
                    try hash.withBytes { try transaction.put(chain, key, $0, .append) }
                }
            }
        }
        let head = ReferenceRecord.bigEndian(count, 8) + ReferenceRecord.bigEndian(count, 8)
        try environment.put("streams", Array("a".utf8), head + [1, 0, 0, 0, 0, 0, 0, 0])
        try Data("\(String(format: "%020d", count))\n".utf8).write(to: URL(filePath: path + "/head"))
    }
}
