import Foundation
import LMDB

/// All rows of a log that nobody writes: table and key, and the value.
func allRows(_ directory: String) throws -> [String: [UInt8]] {
    let environment = try Environment(path: directory, mapSize: 0, durability: .everyCommit, readOnly: true)
    var rows: [String: [UInt8]] = [:]
    for name in ["events", "streams", "commands", "meta", "chain"] {
        guard let table = try? environment.table(name) else { continue }
        try environment.read { transaction in
            try transaction.withCursor(table) { cursor in
                while let row = try cursor.next() {
                    let isText = name == "meta" || name == "streams"
                    let key =
                        isText
                        ? String(decoding: row.key, as: UTF8.self)
                        : row.key.map { String(format: "%02x", $0) }.joined()
                    rows["\(name) \(key)"] = Array(row.value)
                }
            }
        }
    }
    return rows
}
