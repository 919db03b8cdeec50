internal import Glibc

/// A Unix socket that listens at a path, which only the user who runs the program can reach.
///
/// It owns a descriptor and a file. Whoever serves it takes both over: the descriptor is closed and the file removed by
/// them (``close()``, ``removeFile()``), since a loop must let go of a descriptor before it is closed.
public struct LocalListener: Sendable {
    /// Where the socket is.
    public let path: String
    /// The socket: it listens, does not block, and is closed on exec.
    public let descriptor: Int32
    private let file: FileIdentity

    /// Makes the socket, with mode 0600 from its first moment on, and listens.
    ///
    /// A socket that is there already is removed. So the caller must know that nobody serves it: it holds the lock of the
    /// directory. Anything else that is there stays.
    ///
    /// - Throws: ``LocalSocketError``. Nothing was made then.
    public init(at path: String) throws(LocalSocketError) {
        try Self.removeSocket(at: path)
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { throw .system(path: path, call: "socket", code: errno) }
        do throws(LocalSocketError) {
            // Linux gives the file the mode of the socket, less the umask. A umask of its own would hold for all threads.
            guard fchmod(descriptor, Self.mode) == 0 else { throw .system(path: path, call: "fchmod", code: errno) }
            guard LocalAddress.lend(path, to: { bind(descriptor, $0, $1) }) == 0 else {
                throw .system(path: path, call: "bind", code: errno)
            }
            do throws(LocalSocketError) {
                file = try Self.checkedFile(at: path)
                guard listen(descriptor, Self.backlog) == 0 else {
                    throw .system(path: path, call: "listen", code: errno)
                }
            } catch {
                unlink(path)
                throw error
            }
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
    }

    /// Removes the file, so that nobody connects any more. If another one has its place by now, that one stays.
    public func removeFile() {
        if FileIdentity(at: path) == file { unlink(path) }
    }

    /// Removes the file and closes the socket, which no loop may watch.
    public func close() {
        removeFile()
        Glibc.close(descriptor)
    }

    private static let mode: mode_t = 0o600
    private static let backlog: Int32 = 64

    private static func removeSocket(at path: String) throws(LocalSocketError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard errno == ENOENT else { throw .system(path: path, call: "lstat", code: errno) }
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFSOCK: break
        case S_IFREG: throw .occupied(path: path, by: "a file")
        case S_IFDIR: throw .occupied(path: path, by: "a directory")
        case S_IFLNK: throw .occupied(path: path, by: "a symbolic link")
        default: throw .occupied(path: path, by: "something")
        }
        guard unlink(path) == 0 || errno == ENOENT else { throw .system(path: path, call: "unlink", code: errno) }
    }

    /// What was made, with the mode that it must have: a file system may give another one, and a umask takes away.
    private static func checkedFile(at path: String) throws(LocalSocketError) -> FileIdentity {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw .system(path: path, call: "lstat", code: errno) }
        let mode = status.st_mode & 0o777
        guard mode & ~Self.mode == 0 else { throw .wrongMode(path: path, mode: UInt32(mode)) }
        if mode != Self.mode, chmod(path, Self.mode) != 0 { throw .system(path: path, call: "chmod", code: errno) }
        return FileIdentity(status)
    }
}

/// Tells a file from every other. The number of a file that was removed is used again soon, so its time counts, too:
/// that of its making, since nothing writes into the file of a socket.
private struct FileIdentity: Equatable, Sendable {
    private let device: UInt64
    private let number: UInt64
    private let seconds: Int
    private let nanoseconds: Int

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        number = UInt64(status.st_ino)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }

    init?(at path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        self.init(status)
    }
}

/// Why there is no socket at a path.
public enum LocalSocketError: Error, Equatable, CustomStringConvertible {
    /// Something is there that is no socket, and is not removed.
    case occupied(path: String, by: String)
    /// The file system gave the socket a mode with which others reach it.
    case wrongMode(path: String, mode: UInt32)
    /// A call failed; `code` is its `errno`.
    case system(path: String, call: String, code: Int32)

    /// One line for people, with what to do.
    public var description: String {
        switch self {
        case .occupied(let path, let thing):
            "\(path) is \(thing) and no socket, so it is left alone; move it away and start again"
        case .wrongMode(let path, let mode):
            "\(path) would have mode \(String(mode, radix: 8)), with which others reach it; "
                + "use a file system that keeps modes"
        case .system(let path, let call, let code):
            "cannot make the socket \(path): \(call): \(String(cString: strerror(code))) (errno \(code))"
        }
    }
}
