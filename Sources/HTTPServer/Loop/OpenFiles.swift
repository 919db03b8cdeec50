import Glibc

/// The process's limit on open descriptors.
enum OpenFiles {
    /// Descriptors kept back for the database, uploads, and files being sent.
    static let reserve = 256

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
