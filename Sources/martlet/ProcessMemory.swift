import Glibc

/// What this process has in memory.
enum ProcessMemory {
    /// Bytes that are this process' own, and in no file: what it would cost the machine if nothing else ran. Pages of the
    /// databases belong to the page cache and do not count.
    static var anonymous: Int {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &bytes, bytes.count)
        // In pages: the whole, what is in memory, and how much of that is shared with files.
        let pages = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).split(separator: " ").map { Int($0) }
        guard pages.count > 2, let resident = pages[1], let shared = pages[2] else { return 0 }
        return (resident - shared) * sysconf(Int32(_SC_PAGESIZE))
    }
}
