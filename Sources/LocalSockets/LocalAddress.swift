public import Glibc

/// The address of a Unix socket, which is a path in the file system.
public enum LocalAddress {
    /// The most bytes of a path that an address holds. A NUL stands behind it.
    public static let longest = 107

    /// Lends the address of a path to a call such as `bind` or `connect`.
    ///
    /// A longer path is reached through its directory: that is opened, and the address names it as `/proc/self/fd/N`.
    ///
    /// - Returns: what the call returned; -1, with `errno`, also when the directory cannot be opened.
    public static func lend(_ path: String, to call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        guard path.utf8.count > longest else { return lend(short: path, to: call) }
        let slash = path.lastIndex(of: "/")
        let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return -1 }
        let result = lend(short: "/proc/self/fd/\(descriptor)/\(name)", to: call)
        let code = errno
        close(descriptor)
        errno = code
        return result
    }

    private static func lend(short path: String, to call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count <= longest else {
            errno = ENAMETOOLONG
            return -1
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) { typed in
            typed.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
