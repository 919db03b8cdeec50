import Files
import Glibc
import TestSupport
import Testing

/// What the simulated disk loses, and what it keeps.
@Suite struct SimulatedDiskTests {
    @Test func `What was synced survives a power cut, and the rest in all mixtures`() throws {
        var found: Set<[UInt8]> = []
        for seed in 0..<200 {
            let disk = SimulatedDisk(seed: UInt64(seed))
            let file = try disk.open("a", .making)
            try write(1, 1024, to: file)
            try file.sync()
            try disk.syncDirectory()
            try write(2, 1024, to: file)
            disk.restartAfterPowerCut()
            let bytes = disk.contents("a")
            #expect(bytes.count == 1024)
            found.insert([bytes[0], bytes[511], bytes[512], bytes[1023]])
        }
        for kept: [UInt8] in [[1, 1, 1, 1], [2, 2, 1, 1], [1, 1, 2, 2], [2, 2, 2, 2], [2, 1, 1, 1], [2, 2, 2, 1]] {
            #expect(found.contains(kept), "\(kept)")
        }
    }

    @Test func `A name that was not synced may be lost`() throws {
        let survivors = try (0..<100).count { seed in
            let disk = SimulatedDisk(seed: UInt64(seed))
            let file = try disk.open("a", .making)
            try write(1, 10, to: file)
            try file.sync()
            disk.restartAfterPowerCut()
            return try disk.names() == ["a"]
        }
        #expect(10..<90 ~= survivors)
    }

    @Test func `What a failed sync left out can be read, and no later sync writes it`() throws {
        let lost = try (0..<100).count { seed in
            let disk = SimulatedDisk(seed: UInt64(seed))
            let file = try disk.open("a", .making)
            try disk.syncDirectory()
            try write(1, 512, to: file)
            disk.failNext(.sync)
            #expect(throws: FileError.self) { try file.sync() }
            try file.sync()
            disk.restartAfterKill()
            #expect(disk.contents("a") == [UInt8](repeating: 1, count: 512))
            disk.restartAfterPowerCut()
            return disk.contents("a") != [UInt8](repeating: 1, count: 512)
        }
        #expect(10..<90 ~= lost)
    }

    @Test func `A full disk takes what fits, and then nothing`() throws {
        let disk = SimulatedDisk(seed: 1, capacity: 1024)
        let file = try disk.open("a", .making)
        #expect(disk.freeRoom() == 1024)
        let error = #expect(throws: FileError.self) { try write(1, 1025, to: file) }
        #expect(error?.code == ENOSPC)
        #expect(try file.size() == 1024)
        try write(2, 1024, to: file)
    }

    @Test func `Without power every call fails, until it begins again`() throws {
        let disk = SimulatedDisk(seed: 1)
        let file = try disk.open("a", .making)
        try disk.syncDirectory()
        disk.cutPower(after: 1)
        try write(1, 10, to: file)
        #expect(throws: FileError.self) { try file.sync() }
        #expect(throws: FileError.self) { try write(1, 10, to: file) }
        #expect(throws: FileError.self) { try disk.open("a", .reading) }
        disk.restartAfterPowerCut()
        _ = try disk.open("a", .reading)
    }

    private func write(_ byte: UInt8, _ count: Int, to file: some DiskFile) throws {
        try [UInt8](repeating: byte, count: count).withUnsafeBytes { try file.writeAll($0, at: 0) }
    }
}
