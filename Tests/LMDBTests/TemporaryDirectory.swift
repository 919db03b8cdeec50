import Foundation
import LMDB

/// Lends a new directory, and removes it afterwards.
func withTemporaryDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try body(directory.path())
}

/// Lends a new environment of one table, and removes it afterwards.
func withTable<Result>(
    mapSize: Int = 1 << 24, _ body: (Environment, Table) throws -> Result
) throws -> Result {
    try withTemporaryDirectory { path in
        let environment = try Environment(path: path, mapSize: mapSize, durability: .everyCommit)
        return try body(environment, try environment.table("birds"))
    }
}
