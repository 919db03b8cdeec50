internal import Glibc

/// A call to the file system that failed.
public struct FileError: Error, Sendable, CustomStringConvertible {
    /// What was tried, as a verb: `open`, `make the directory`.
    public let action: String
    /// On which path.
    public let path: String
    /// Why, as `errno` had it.
    public let code: Int32

    /// Names what failed.
    public init(_ action: String, _ path: String, code: Int32) {
        self.action = action
        self.path = path
        self.code = code
    }

    /// One line for people.
    public var description: String { "cannot \(action) \(path): \(String(cString: strerror(code)))" }
}
