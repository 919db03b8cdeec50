import EventLog
import Foundation
import LMDB

/// Logs as the first version of Martlet wrote them, without a hash chain: made row by row.
enum FirstFormat {
    static let identity = [UInt8](0xa0...0xaf)

    /// Writes the golden records.
    static func writeGoldenLog(_ path: String) throws {
        let events = [GoldenVectors.registration, GoldenVectors.publication]
        let heads: [(String, Version, Position, UInt8)] = [
            ("account/1", 2, 2, 7), ("handle/ada", 1, 1, 1), ("post/2", 1, 2, 7),
        ]
        try write(path, events: events) { environment in
            for (stream, version, position, type) in heads {
                let row =
                    ReferenceRecord.bigEndian(version, 8) + ReferenceRecord.bigEndian(position, 8)
                    + [type, 0, 0, 0, 0, 0, 0, 0]
                try environment.put("streams", Array(stream.utf8), row)
            }
            let actor = ReferenceRecord.bigEndian(1, 8)
            try environment.put(
                "commands", actor + Array("k-1".utf8), Array(0...15) + ReferenceRecord.bigEndian(2, 8))
            try environment.put(
                "commands", actor + Array("k-2".utf8),
                [UInt8](repeating: 255, count: 16) + ReferenceRecord.bigEndian(0, 8) + Array("ok".utf8))
        }
    }

    /// Writes so many events of one stream.
    static func writeLog(_ path: String, ofEvents count: Position) throws {
        let events = (1...count).map { position in
            ReferenceRecord.bytes(
                .of("a"), versions: [position], position: position, time: Int64(position), idempotency: nil)
        }
        try write(path, events: events) { environment in
            let row = ReferenceRecord.bigEndian(count, 8) + ReferenceRecord.bigEndian(count, 8)
            try environment.put("streams", Array("a".utf8), row + [1, 0, 0, 0, 0, 0, 0, 0])
        }
    }

    private static func write(_ path: String, events: [[UInt8]], _ others: (Environment) throws -> Void) throws {
        let environment = try Environment(path: path, mapSize: 1 << 28, durability: .onSync)
        for table in ["events", "streams", "commands", "meta"] { _ = try environment.table(table) }
        try environment.put("meta", Array("format".utf8), Array("martlet-log 1".utf8))
        try environment.put("meta", Array("identity".utf8), identity)
        let table = try environment.table("events")
        try environment.write { transaction in
            for (index, event) in events.enumerated() {
                try ReferenceRecord.bigEndian(UInt64(index) + 1, 8).withUnsafeBytes { key in
                    try event.withUnsafeBytes { try transaction.put(table, key, $0, .append) }
                }
            }
        }
        try others(environment)
        try Data("\(String(format: "%020d", events.count))\n".utf8).write(to: URL(filePath: path + "/head"))
    }
}
