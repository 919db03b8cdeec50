import Glibc

/// The process's limit on open descriptors.
enum OpenFiles {
    /// Descriptors kept back for the database, uploads, and files being sent: an eighth, and 256 at least.
    static func reserve(of limit: Int) -> Int { max(256, limit / 8) }

    /// How many of them are for uploads and files being sent.
    static var forFiles: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 128 }
        return reserve(of: Int(clamping: limit.rlim_max)) - 128
    }

    /// Raises the soft limit to the hard one, as far as that is allowed.
    ///
    /// - Returns: the limit now in force.
    static func raiseLimit() -> Int {
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(kind, &limit) == 0 else { return 1024 }
        let before = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        if setrlimit(kind, &limit) != 0 { limit.rlim_cur = before }
        return Int(clamping: limit.rlim_cur)
    }
}
