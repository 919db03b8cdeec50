internal import Bytes
internal import Glibc
package import Sealing

/// Where the parts of a data directory are.
///
///     lock          the id of the process that has it open
///     log/          the events: the truth
///     keys          the keys of the log and of accounts, sealed with the master key
///     master.key    the master key, unless it is kept elsewhere
///     views/        the read models: can be built again
///     media/        uploaded files, by content
///     media.hold    locked by who copies media: nothing is removed then
///     control.sock  where the server that has it open takes requests of the operator
///     scratch/      read models that verify and a server of the past need for a while
///     restoring/    what a restore has written so far; gone when it is finished
public struct DataLayout: Sendable {
    /// The directory.
    public let path: String
    /// Where the keys are.
    package let keyFiles: KeyFiles

    /// Names a directory, which need not exist.
    ///
    /// - Parameter masterKey: the file of the master key; `nil` if it is in the directory.
    public init(_ path: String, masterKey: String? = nil) {
        var path = path[...]
        while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
        self.path = String(path)
        keyFiles = KeyFiles(directory: self.path, masterKey: masterKey)
    }

    /// Names the parts of a directory that is read as it is, without locking it.
    ///
    /// - Throws: ``DataDirectoryError`` if it does not exist, or a restore into it was not finished.
    public init(existing path: String, masterKey: String? = nil) throws(DataDirectoryError) {
        self.init(path, masterKey: masterKey)
        try requireExistence()
        try requireWhole()
    }

    /// The file that names the process that has the directory open.
    package var lock: String { path + "/lock" }
    /// Where the events are.
    package var log: String { path + "/log" }
    /// Where the read models are.
    package var views: String { path + "/views" }
    /// Where the uploaded files are.
    package var media: String { path + "/media" }
    /// The socket where the server takes requests of the operator.
    public var controlSocket: String { path + "/control.sock" }
    /// Where ``Scratch`` directories are.
    var scratch: String { path + "/scratch" }
    /// What a restore writes to.
    package var restoring: String { path + "/restoring" }

    func requireExistence() throws(DataDirectoryError) {
        guard access(path, F_OK) == 0 else {
            let code = errno
            throw code == ENOENT ? .missing(path) : .system("open", path, code)
        }
    }

    /// The log is moved into place last. So if there is a log beside the directory of a restore, the restore is
    /// finished.
    func requireWhole() throws(DataDirectoryError) {
        guard access(restoring, F_OK) == 0, access(log + "/head", F_OK) != 0 else { return }
        throw .unfinishedRestore(path)
    }
}

extension DataLayout {
    /// Makes this process the one that has the directory open, and says so in the file `lock`.
    ///
    /// - Returns: a descriptor. Closing it releases the directory.
    package func takeLock() throws(DataDirectoryError) -> Int32 {
        let descriptor = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw .system("open", lock, errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let holder = Self.holder(descriptor)
            close(descriptor)
            throw code == EWOULDBLOCK ? .inUse(path, process: holder) : .system("lock", lock, code)
        }
        let line = Array("\(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        pwrite(descriptor, line, line.count, 0)
        return descriptor
    }

    private static func holder(_ descriptor: Int32) -> String? {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let digits = bytes.prefix(max(count, 0)).prefix { Decimal.value($0) != nil }
        return digits.isEmpty ? nil : String(decoding: digits, as: UTF8.self)
    }
}
