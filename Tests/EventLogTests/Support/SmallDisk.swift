import Foundation
import TestSupport

/// A file system of a few megabytes, for filling it up. Needs root.
enum SmallDisk {
    static let canBeMounted = geteuid() == 0 && (try? with(megabytes: 1) { _ in }) != nil

    /// Lends the directory that it is mounted on.
    static func with(megabytes: Int, _ body: (String) throws -> Void) throws {
        try withTemporaryDirectory { path in
            try run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path)
            defer { try? run("umount", path) }
            try body(path)
        }
    }

    static func makeDirectory(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    static func fill(_ file: String, bytes: Int) throws {
        try Data(repeating: 0x78, count: bytes).write(to: URL(filePath: file))
    }

    /// Writes until nothing more goes in.
    static func fillCompletely(_ file: String) throws {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(descriptor) }
        for size in [4096, 1] {
            let bytes = [UInt8](repeating: 0x78, count: size)
            while write(descriptor, bytes, size) > 0 {}
        }
    }

    static func remove(_ file: String) throws { try FileManager.default.removeItem(atPath: file) }

    private static func run(_ command: String...) throws {
        struct Failure: Error {}
        guard try ChildProcess(command).wait() == 0 else { throw Failure() }
    }
}
