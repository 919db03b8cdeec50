internal import FoundationEssentials
internal import Glibc

/// A directory of one test, removed with it.
public final class TemporaryDirectory: Sendable {
    /// Where it is.
    public let path: String

    /// Makes one.
    ///
    /// - Parameter inMemory: whether it may be in memory, where syncs cost nothing.
    public init(inMemory: Bool = false) {
        let parent = inMemory && access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        var template = Array("\(parent)/martlet-test-XXXXXX".utf8CString)
        path = String(cString: mkdtemp(&template))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Lends a new directory, and removes it afterwards.
public func withTemporaryDirectory<Result>(
    inMemory: Bool = false, _ body: (String) throws -> Result
) throws -> Result {
    let directory = TemporaryDirectory(inMemory: inMemory)
    return try withExtendedLifetime(directory) { try body(directory.path) }
}
