import Glibc
import TestSupport
import Testing

@testable import LocalSockets

@Suite struct LocalListenerTests {
    private func status(_ path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }

    private func connection(to path: String) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return LocalAddress.lend(path) { connect(descriptor, $0, $1) } == 0 ? 0 : errno
    }

    @Test func `A socket is for its owner alone, and its file goes with it`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/control.sock"
            let listener = try LocalListener(at: path)
            let made = try #require(status(path))
            #expect(made.st_mode & S_IFMT == S_IFSOCK)
            #expect(made.st_mode & 0o777 == 0o600)
            #expect(fcntl(listener.descriptor, F_GETFD) & FD_CLOEXEC != 0)
            #expect(connection(to: path) == 0)
            listener.close()
            #expect(status(path) == nil)
            #expect(connection(to: path) == ENOENT)
        }
    }

    /// What `bind` makes has its mode at once: the mode of the socket's own descriptor, before it has a name.
    @Test func `There is no moment with other rights`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/control.sock"
            let listener = try LocalListener(at: path)
            defer { listener.close() }
            var unnamed = stat()
            fstat(listener.descriptor, &unnamed)
            #expect(unnamed.st_mode & 0o777 == 0o600)
        }
    }

    @Test(arguments: [107, 108, 109, 300]) func `A path may be longer than an address`(length: Int) throws {
        try withTemporaryDirectory { directory in
            var long = directory
            while long.utf8.count + 60 < length {
                long += "/" + String(repeating: "d", count: 40)
                mkdir(long, 0o700)
            }
            let path = long + "/" + String(repeating: "s", count: length - long.utf8.count - 1)
            try #require(path.utf8.count == length)
            // Another way to the same file, for a client that knows no long ways.
            symlink(long, directory + "/short")
            let short = directory + "/short/" + path.split(separator: "/").last!
            for _ in 0..<2 {
                let listener = try LocalListener(at: path)
                #expect(status(path)?.st_mode == S_IFSOCK | 0o600)
                #expect(connection(to: path) == 0)
                if short.utf8.count <= LocalAddress.longest { #expect(connection(to: short) == 0) }
                close(listener.descriptor)
                #expect(connection(to: path) == ECONNREFUSED)
            }
        }
    }

    @Test func `A name that no address can hold is an error`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/" + String(repeating: "s", count: 120)
            #expect(throws: LocalSocketError.system(path: path, call: "bind", code: ENAMETOOLONG)) {
                try LocalListener(at: path)
            }
            #expect(status(path) == nil)
        }
    }

    @Test func `An old socket is removed, and a stranger's stays when ours goes`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/control.sock"
            let killed = try LocalListener(at: path)
            close(killed.descriptor)
            // So that the clock of the file system comes forward.
            usleep(50_000)
            let listener = try LocalListener(at: path)
            #expect(connection(to: path) == 0)
            killed.removeFile()
            #expect(connection(to: path) == 0)
            listener.close()
            #expect(status(path) == nil)
        }
    }

    @Test(arguments: ["a file", "a directory", "a symbolic link", "something"])
    func `What is no socket is left alone`(kind: String) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/control.sock"
            let socket = try LocalListener(at: directory + "/other.sock")
            defer { socket.close() }
            switch kind {
            case "a file": close(open(path, O_WRONLY | O_CREAT, 0o600))
            case "a directory": mkdir(path, 0o700)
            case "a symbolic link": symlink(directory + "/other.sock", path)
            default: mkfifo(path, 0o600)
            }
            let before = try #require(status(path))
            let error = #expect(throws: LocalSocketError.self) { try LocalListener(at: path) }
            #expect(error == .occupied(path: path, by: kind))
            #expect(error?.description.hasPrefix("\(path) is \(kind) and no socket, so it is left alone") == true)
            #expect(status(path)?.st_ino == before.st_ino)
            #expect(connection(to: directory + "/other.sock") == 0)
        }
    }

    @Test func `Where there can be no socket the error names path, call and code`() throws {
        let error = #expect(throws: LocalSocketError.self) { try LocalListener(at: "/proc/self/control.sock") }
        guard case .system("/proc/self/control.sock", "bind", _)? = error else {
            Issue.record("\(error as Any)")
            return
        }
        #expect(error?.description.hasPrefix("cannot make the socket /proc/self/control.sock: bind: ") == true)
        #expect(throws: LocalSocketError.system(path: "/nowhere/x", call: "bind", code: ENOENT)) {
            try LocalListener(at: "/nowhere/x")
        }
    }
}
