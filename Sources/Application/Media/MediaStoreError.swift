internal import Glibc

/// A system call on a media file or directory failed.
public struct MediaStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was being done.
    public enum Operation: String, Sendable {
        case createDirectory = "create the directory"
        case list = "list the directory"
        case create = "create"
        case write = "write to"
        case open = "open"
        case inspect = "find the size of"
        case sync = "sync"
        case rename = "rename into place"
        case remove = "remove"
        case lock = "lock"
    }

    /// What was being done.
    public let operation: Operation

    /// The file or directory that it was done on.
    public let path: String

    /// The system's `errno`.
    public let code: Int32

    /// Makes a failure by hand, for example in a test.
    public init(operation: Operation, path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// Whether there is no room on the disk or in a quota. The same call may succeed once there is room.
    public var isOutOfSpace: Bool {
        code == ENOSPC || code == EDQUOT
    }

    /// For the program's log.
    public var description: String {
        "cannot \(operation.rawValue) \(path): \(String(cString: strerror(code))) (errno \(code))"
    }
}

/// Repeats a system call while a signal interrupts it, and turns -1 into an error that names the path.
@discardableResult
func check(
    _ operation: MediaStoreError.Operation, _ path: String, _ call: () -> Int32
) throws(MediaStoreError) -> Int32 {
    while true {
        let result = call()
        if result != -1 { return result }
        let code = errno
        if code != EINTR { throw MediaStoreError(operation: operation, path: path, code: code) }
    }
}
