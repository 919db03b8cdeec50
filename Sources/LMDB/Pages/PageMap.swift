import CLMDB
import Glibc

/// A data file in memory, once more beside LMDB's own map, whose address it does not tell.
final class PageMap: @unchecked Sendable {
    // @unchecked because the memory is only read, and stays until nobody refers to the map.
    let path: String
    let start: UnsafeRawPointer
    let byteCount: Int
    let pageSize: Int

    init(_ environment: OpaquePointer, _ directory: String) throws(LMDBError) {
        var information = MDB_envinfo()
        try check(mdb_env_info(environment, &information), "mdb_env_info", directory)
        var statistics = MDB_stat()
        try check(mdb_env_stat(environment, &statistics), "mdb_env_stat", directory)
        let path = directory + "/data.mdb"
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LMDBError(code: errno, operation: "open", subject: path) }
        defer { close(descriptor) }
        guard let start = mmap(nil, information.me_mapsize, PROT_READ, MAP_SHARED, descriptor, 0), start != MAP_FAILED
        else { throw LMDBError(code: errno, operation: "mmap", subject: path) }
        self.path = path
        self.start = UnsafeRawPointer(start)
        byteCount = information.me_mapsize
        pageSize = Int(statistics.ms_psize)
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: start), byteCount) }
}
