internal import Glibc

/// Small files that hold one line.
public enum SmallFile {
    /// The file's first word; `nil` if it cannot be read.
    public static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { return nil }
        let text = bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: " ") }
        return String(decoding: text, as: UTF8.self)
    }

    /// Replaces the file in one step, durably. A reader sees either the old line or the new one.
    public static func replace(_ path: String, with text: String) throws(FileError) {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw FileError("create", temporary, code: errno) }
        let line = Array((text + "\n").utf8)
        let written = Glibc.write(descriptor, line, line.count)
        let isWritten = written == line.count && fsync(descriptor) == 0
        let code = errno
        close(descriptor)
        guard isWritten else { throw FileError("write", temporary, code: code) }
        guard rename(temporary, path) == 0 else { throw FileError("replace", path, code: errno) }
        guard let slash = path.lastIndex(of: "/") else { return }
        try Directory.sync(String(path[..<slash]))
    }

    /// Whether something exists at a path.
    public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}

/// A call to the file system that failed.
public struct FileError: Error, Sendable, CustomStringConvertible {
    /// The action that failed, as a verb: `open`, `make the directory`.
    public let action: String
    /// The path.
    public let path: String
    /// The reason, as an `errno`.
    public let code: Int32

    /// Describes a failed call.
    public init(_ action: String, _ path: String, code: Int32) {
        self.action = action
        self.path = path
        self.code = code
    }

    /// One line for people.
    public var description: String { "cannot \(action) \(path): \(String(cString: strerror(code)))" }
}
