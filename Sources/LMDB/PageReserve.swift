import CLMDB
internal import CLinux
import Glibc

/// Room on the disk that is reserved before a write transaction needs it, for environments that write in place.
///
/// With MDB_WRITEMAP a commit changes pages in memory that the kernel writes back when it likes. If such a page has no
/// room on a full disk, the process ends (SIGBUS), where a `pwrite` would only have failed. So room is reserved first,
/// with `posix_fallocate`. A full disk is then an error before anything was changed.
final class PageReserve: @unchecked Sendable {
    // because `end` is touched only while LMDB's writer lock is held, and the rest never changes.
    private let descriptor: Int32
    private let path: String
    private let pageSize: Int
    private let limit: Int
    /// How much of the file has room of its own, in bytes. The first transaction reserves the whole file, because a
    /// copy of a file may have holes.
    private(set) var end = 0

    /// The file may be this much longer than what is reserved. These bytes take no room. If a transaction ever needs
    /// more than was expected, the process ends only if the disk is full as well.
    private static let slack = 1 << 30

    init(_ environment: OpaquePointer, _ directory: String) throws(LMDBError) {
        path = directory + "/data.mdb"
        var information = MDB_envinfo()
        try check(mdb_env_info(environment, &information), "mdb_env_info", directory)
        limit = information.me_mapsize
        var statistics = MDB_stat()
        try check(mdb_env_stat(environment, &statistics), "mdb_env_stat", directory)
        pageSize = Int(statistics.ms_psize)
        descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw LMDBError(code: errno, operation: "open", subject: path) }
        // LMDB made the file as long as its map can be.
        try setSize((information.me_last_pgno + 1) * pageSize + Self.slack)
    }

    deinit { close(descriptor) }

    /// Makes sure that a transaction has room.
    ///
    /// - Parameters:
    ///   - volume: what it will change.
    ///   - lastPage: the last page in use before it.
    /// - Throws: ``LMDBError`` with the error of `posix_fallocate`, which is ENOSPC when the disk is full.
    func ensure(_ volume: WriteVolume, beyond lastPage: Int) throws(LMDBError) {
        let used = lastPage + 1
        let needed = min(limit, (used + volume.pages(of: pageSize, in: used)) * pageSize)
        guard needed > end else { return }
        // The steps grow with the file, so that few commits have to ask for more.
        let step = min(max(used * pageSize / 8, 1 << 20), 64 << 20)
        var code: Int32 = 0
        for wanted in [min(limit, needed + step), needed] {
            code = reserve(to: wanted)
            if code == 0 {
                end = wanted
                return try setSize(end + Self.slack)
            }
            // ext4 keeps the part that it found room for, but the log may need it more.
            try setSize(max(end, used * pageSize))
        }
        try setSize(max(end, used * pageSize) + Self.slack)
        throw LMDBError(code: code, operation: "posix_fallocate", subject: path)
    }

    /// Frees what was reserved and is not in use. Nobody may write any more.
    func giveBack(beyond lastPage: Int) {
        // If this fails, the room is taken again at the next opening, or stays unused.
        try? setSize((lastPage + 1) * pageSize)
    }

    private func setSize(_ size: Int) throws(LMDBError) {
        guard ftruncate(descriptor, min(limit, size)) == 0 else {
            throw LMDBError(code: errno, operation: "ftruncate", subject: path)
        }
    }

    private func reserve(to newEnd: Int) -> Int32 {
        while true {
            let code = posix_fallocate(descriptor, end, newEnd - end)
            if code != EINTR { return code }
        }
    }

    /// The last page that the newest commit uses.
    static func lastPage(_ environment: OpaquePointer, _ directory: String) throws(LMDBError) -> Int {
        var information = MDB_envinfo()
        try check(mdb_env_info(environment, &information), "mdb_env_info", directory)
        return information.me_last_pgno
    }

    /// Whether the file system of a directory guarantees that reserved room can be written in place, however full the
    /// disk is. File systems with copy on write do not. The list holds only file systems that were tried.
    static func isKept(in directory: String) -> Bool {
        let (ext4, tmpfs) = (0xEF53, 0x0102_1994)
        // If the size of files is limited, LMDB cannot make the file as long as its map.
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        return [ext4, tmpfs].contains(martlet_file_system(directory)) && limit.rlim_cur == rlim_t.max
    }
}
