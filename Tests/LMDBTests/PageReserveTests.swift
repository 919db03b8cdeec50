import Foundation
import TestSupport
import Testing

@testable import LMDB

/// Writing in place must never need a page that has no room on the disk.
@Suite(.enabled(if: PageReserve.isKept(in: FileManager.default.temporaryDirectory.path()), "needs ext4 or tmpfs"))
struct PageReserveTests {
    private func open(_ path: String, mapSize: Int = 1 << 30) throws -> Environment {
        try Environment(path: path, mapSize: mapSize, durability: .onSync, inPlace: true)
    }

    private func file(_ path: String) throws -> stat {
        var status = stat()
        try #require(stat(path + "/data.mdb", &status) == 0)
        return status
    }

    /// Rows of all sizes, in few and many, at random places, in order, and removed again: what a transaction takes from
    /// the end of the file stays within what is set aside for it.
    @Test(arguments: 0..<16) func `A transaction takes no more than is set aside`(seed: Int) throws {
        try withTemporaryDirectory { path in
            let environment = try open(path)
            let tables = try ["few", "many", "large"].map { try environment.table($0) }
            var numbers = Numbers(seed: seed + 1)
            // From 2 KB on a value lies outside of its page; just below that, one row fills half a page.
            let sizes = [0, 20, 100, 700, 1_000, 1_340, 1_980, 2_040, 9_000]
            for round in 0..<60 {
                let rows = (0..<(1 << numbers.below(round < 40 ? 6 : 12))).map { index in
                    let place = numbers.below(2) == 0 ? numbers.below(1 << 30) : round << 20 + index
                    let isRemoved = numbers.below(8) == 0
                    let size = sizes[numbers.below(seed % sizes.count + 1)]
                    return (tables[numbers.below(3)], "\(place)", isRemoved ? nil : [UInt8](repeating: 7, count: size))
                }
                let bytes = rows.reduce(0) { $0 + $1.1.utf8.count + ($1.2?.count ?? 0) }
                let volume = WriteVolume(rows: rows.count, bytes: bytes)
                let before = try environment.usedBytes() / 4096
                try environment.write(volume) { transaction in
                    for (table, key, value) in rows {
                        try withBytes(key) { key in
                            if let value {
                                try value.withUnsafeBytes { try transaction.put(table, key, $0) }
                            } else {
                                try transaction.delete(table, key)
                            }
                        }
                    }
                }
                let after = try environment.usedBytes() / 4096
                #expect(after <= before + volume.pages(of: 4096, in: before), "round \(round)")
            }
        }
    }

    @Test func `What is in use has room and the rest is given back`() throws {
        try withTemporaryDirectory { path in
            var environment: Environment? = try open(path)
            let birds = try #require(try environment?.table("birds"))
            try environment?.put(birds, (0..<5_000).map { ("key \($0)", "value") })
            let used = try #require(try environment?.usedBytes())
            #expect(Int(try file(path).st_blocks) * 512 > used)
            #expect(try file(path).st_size > used)
            environment = nil
            #expect(try file(path).st_size == used)
            environment = try open(path)
            #expect(try environment?.text(try #require(try environment?.table("birds")), "key 4999") == "value")
        }
    }

    @Test func `Holes of a copy are filled before they are written into`() throws {
        try withTemporaryDirectory { path in
            try withTemporaryDirectory { copy in
                let environment = try open(path)
                let birds = try environment.table("birds")
                let rows = (0..<5_000).map { ("key \($0)", String(repeating: "\0", count: 1_000)) }
                try environment.put(birds, rows)
                environment.close()
                let bytes = try Data(contentsOf: URL(filePath: path + "/data.mdb"))
                // A file of nothing but a hole, in which what is not zero is written.
                _ = FileManager.default.createFile(atPath: copy + "/data.mdb", contents: nil)
                truncate(copy + "/data.mdb", bytes.count)
                let target = try FileHandle(forWritingTo: URL(filePath: copy + "/data.mdb"))
                for start in stride(from: 0, to: bytes.count, by: 4096)
                where bytes[start..<start + 4096].contains(where: { $0 != 0 }) {
                    try target.seek(toOffset: UInt64(start))
                    try target.write(contentsOf: bytes[start..<start + 4096])
                }
                try target.close()
                let copied = try open(copy)
                let table = try copied.table("birds")
                try copied.put(table, [("key 1", "new")])
                #expect(Int(try file(copy).st_blocks) * 512 >= bytes.count)
                #expect(try copied.text(table, "key 1") == "new")
                #expect(try copied.text(table, "key 2") == rows[2].1)
            }
        }
    }

    @Test func `A smaller map than is in use cuts nothing off`() throws {
        try withTemporaryDirectory { path in
            let first = try open(path)
            try first.put(try first.table("birds"), (0..<5_000).map { ("key \($0)", "value") })
            let used = try first.usedBytes()
            first.close()
            let again = try open(path, mapSize: 1 << 16)
            let birds = try again.table("birds")
            #expect(lmdbError { try again.put(birds, (0..<5_000).map { ("more \($0)", "value") }) }?.code == -30792)
            #expect(try again.text(birds, "key 4999") == "value")
            again.close()
            #expect(try file(path).st_size == used)
        }
    }

    private static let canMount = try? withTemporaryDirectory { path in
        mount("tmpfs", path, "tmpfs", 0, "size=1m") == 0 && umount(path) == 0
    }

    @Test(.enabled(if: canMount ?? false, "needs the right to mount a tmpfs"))
    func `A full disk is an error and not the end`() throws {
        try withTemporaryDirectory { path in
            try #require(mount("tmpfs", path, "tmpfs", 0, "size=6m") == 0)
            defer { umount(path) }
            let environment = try open(path)
            let birds = try environment.table("birds")
            let value = String(repeating: "value", count: 40)
            var rows = 0
            let error = lmdbError {
                for _ in 0..<100_000 {
                    try environment.put(birds, (rows..<rows + 40).map { ("key \($0 &* 7_919 % 100_003)", value) })
                    rows += 40
                }
            }
            #expect(error?.code == ENOSPC)
            #expect(error?.description.contains("data.mdb: No space left on device") ?? false)
            #expect(rows > 1_000)
            for index in 0..<rows { #expect(try environment.text(birds, "key \(index &* 7_919 % 100_003)") == value) }
            // Somebody makes room.
            try #require(mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT), "size=12m") == 0)
            try environment.put(birds, [("room", "again")])
            environment.close()
            let again = try open(path)
            #expect(try again.text(try again.table("birds"), "room") == "again")
            again.close()
        }
    }
}
