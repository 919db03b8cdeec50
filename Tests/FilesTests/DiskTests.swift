import Files
import Glibc
import TestSupport
import Testing

/// What every disk of our own files promises: the system's, and the one that tests use in its place.
@Suite struct DiskTests {
    private let directory = TemporaryDirectory()

    @Test func `The system's disk does as promised`() throws {
        try check(SystemDisk(directory: directory.path))
    }

    @Test func `The simulated disk does as promised`() throws {
        try check(SimulatedDisk(seed: 1))
    }

    private func check<D: Disk>(_ disk: D) throws {
        let file = try disk.open("a", .making)
        #expect(code { _ = try disk.open("a", .making) } == EEXIST)
        #expect(code { _ = try disk.open("b", .reading) } == ENOENT)
        #expect(code { try disk.remove("b") } == ENOENT)

        try write([1, 2, 3, 4], to: file, at: 0)
        try write([9, 9], to: file, at: 6)
        #expect(try file.size() == 8)
        #expect(try read(file, 10, at: 0) == [1, 2, 3, 4, 0, 0, 9, 9])
        #expect(try read(file, 3, at: 1) == [2, 3, 4])
        #expect(try read(file, 3, at: 100) == [])
        try file.sync()

        let second = try disk.open("a", .writing)
        try write([7], to: second, at: 0)
        #expect(try read(disk.open("a", .reading), 1, at: 0) == [7])

        try disk.rename("a", to: "c")
        _ = try disk.open("d", .making)
        try disk.syncDirectory()
        #expect(try disk.names().sorted() == ["c", "d"])
        try disk.rename("d", to: "c")
        #expect(try disk.names() == ["c"])
        #expect(try disk.open("c", .reading).size() == 0)
        // Who has it open keeps it.
        #expect(try read(file, 1, at: 0) == [7])
        try disk.remove("c")
        #expect(try disk.names() == [])
        #expect(try disk.freeRoom() > 0)
    }

    @Test func `An error names the path`() {
        let disk = SystemDisk(directory: directory.path)
        let error = #expect(throws: FileError.self) { try disk.open("none", .writing) }
        #expect(error?.description == "cannot open \(directory.path)/none: No such file or directory")
    }

    private func write(_ bytes: [UInt8], to file: some DiskFile, at offset: Int) throws {
        try bytes.withUnsafeBytes { try file.writeAll($0, at: offset) }
    }

    private func read(_ file: some DiskFile, _ count: Int, at offset: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let found = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: offset) }
        return Array(bytes[..<found])
    }

    private func code(_ body: () throws -> Void) -> Int32? {
        do { try body() } catch { return (error as? FileError)?.code }
        return nil
    }
}
