import CLMDB
internal import CLinux
import Glibc

/// Room on the disk that is set aside before a write transaction needs it, for environments that write in place.
///
/// With MDB_WRITEMAP a commit changes pages in memory that the kernel writes back when it likes. A page that has no
/// room on a full disk then ends the process (SIGBUS) where a `pwrite` would have failed. So room is reserved first,
/// with `posix_fallocate`, and a full disk is an error before anything was changed.
final class PageReserve: @unchecked Sendable {
    // @unchecked because `end` is touched only by the one who holds LMDB's writer lock, and the rest never changes.
    private let descriptor: Int32
    private let path: String
    private let pageSize: Int
    private let limit: Int
    /// How much of the file has room of its own, in bytes. The first transaction makes sure of all: a copy of a file
    /// may have holes.
    private(set) var end = 0

    /// The file may be so much longer than what is reserved; these bytes take no room. Should a transaction ever need
    /// more than was thought, it takes a full disk as well to end the process.
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
        // LMDB made it as long as the map may ever be.
        try setSize((information.me_last_pgno + 1) * pageSize + Self.slack)
    }

    deinit { close(descriptor) }

    /// Sees to it that a transaction has room.
    ///
    /// - Parameters:
    ///   - volume: what it will change.
    ///   - lastPage: the last page in use before it.
    /// - Throws: ``LMDBError`` with what `posix_fallocate` says, which is ENOSPC when the disk is full.
    func ensure(_ volume: WriteVolume, beyond lastPage: Int) throws(LMDBError) {
        let used = lastPage + 1
        let needed = min(limit, (used + volume.pages(of: pageSize, in: used)) * pageSize)
        guard needed > end else { return }
        // In steps that grow with the file, so that few commits have to ask for more.
        let step = min(max(used * pageSize / 8, 1 << 20), 64 << 20)
        var code: Int32 = 0
        for wanted in [min(limit, needed + step), needed] {
            code = reserve(to: wanted)
            if code == 0 {
                end = wanted
                return try setSize(end + Self.slack)
            }
            // ext4 keeps what it found room for, which the log may need more.
            try setSize(max(end, used * pageSize))
        }
        try setSize(max(end, used * pageSize) + Self.slack)
        throw LMDBError(code: code, operation: "posix_fallocate", subject: path)
    }

    /// Gives back what was reserved and is not in use. Nobody may write any more.
    func giveBack(beyond lastPage: Int) {
        // Where it fails the room is taken again at the next opening, or left unused.
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

    /// Whether the file system of a directory keeps its word: what `posix_fallocate` reserved can be written in place,
    /// however full the disk is. Those that write elsewhere (copy on write) do not; only those are named that were
    /// tried.
    static func isKept(in directory: String) -> Bool {
        let (ext4, tmpfs) = (0xEF53, 0x0102_1994)
        // Under a limit on the size of files LMDB cannot make the file as long as its map.
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        return [ext4, tmpfs].contains(martlet_file_system(directory)) && limit.rlim_cur == rlim_t.max
    }
}
