internal import Glibc

/// Small files that hold one line, and the directories around them.
enum FileText {
    /// A call to the file system that failed.
    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ action: String, _ path: String) {
            description = "cannot \(action) \(path): \(String(cString: strerror(errno)))"
        }
    }

    /// The file's text without white space at its end; `nil` if it cannot be read.
    static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { return nil }
        let text = bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: " ") }
        return String(decoding: text, as: UTF8.self)
    }

    /// Replaces the file in one step, durably: whoever reads it sees the old line or the new one.
    static func write(_ text: String, to path: String) throws {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw Failure("create", temporary) }
        let line = Array((text + "\n").utf8)
        let written = Glibc.write(descriptor, line, line.count)
        let synced = fsync(descriptor)
        close(descriptor)
        guard written == line.count, synced == 0 else { throw Failure("write", temporary) }
        guard rename(temporary, path) == 0 else { throw Failure("replace", path) }
        // Without this a power loss could bring the old line back beside what was written under the new one.
        guard let slash = path.lastIndex(of: "/") else { return }
        try syncDirectory(String(path[..<slash]))
    }

    private static func syncDirectory(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Failure("sync", path) }
    }

    /// Makes a directory unless it is there.
    static func makeDirectory(_ path: String) throws {
        guard mkdir(path, 0o750) == 0 || errno == EEXIST else { throw Failure("make the directory", path) }
    }

    /// Whether there is something at a path.
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The names in a directory.
    static func list(_ path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// Removes a directory, if it is there, with the files in it.
    static func removeDirectory(_ path: String) throws {
        for name in list(path) where unlink(path + "/" + name) != 0 { throw Failure("remove", path + "/" + name) }
        guard rmdir(path) == 0 || errno == ENOENT else { throw Failure("remove", path) }
    }
}
