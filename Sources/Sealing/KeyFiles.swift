internal import Files
internal import Glibc

/// Where the keys of a log are: a file `keys` in the data directory, and the file of the master key.
public struct KeyFiles: Sendable {
    static let name = "keys"

    /// The directory of the keys.
    public let directory: String
    /// The file of the master key.
    public let masterKey: String

    /// Names the files.
    ///
    /// - Parameter masterKey: the file of the master key; `master.key` beside the keys if none is given.
    public init(directory: String, masterKey: String? = nil) {
        self.directory = directory
        self.masterKey = masterKey ?? directory + "/master.key"
    }

    /// The file of the keys.
    public var keys: String { directory + "/" + Self.name }
}

extension Keyring {
    /// Opens the keys of a log, as their owner. Nobody else may own them at the same time: the lock of the data directory
    /// sees to that.
    ///
    /// - Parameters:
    ///   - log: the identity of the log.
    ///   - isNew: whether files that are missing are made, because the log holds no events. If that is interrupted, it
    ///     can be done again.
    /// - Throws: ``KeyError``: what is wrong, and what to do.
    public static func open(_ files: KeyFiles, log: [UInt8], isNew: Bool) throws(KeyError) -> Keyring {
        let disk = SystemDisk(directory: files.directory)
        if access(files.keys, F_OK) == 0 {
            let master = try MasterKey(files.masterKey)
            if isNew { try master.syncName() }
            return try start(on: disk, path: files.keys, master, log: log, isNew: isNew)
        }
        guard isNew else { throw .missing(files.keys) }
        return try start(on: disk, path: files.keys, MasterKey.make(files.masterKey), log: log, isNew: true)
    }

    /// Opens the keys of a log to read them, while a server may own them. Keys that it makes are seen.
    ///
    /// A key that it erases meanwhile may still be in the memory of whoever reads.
    ///
    /// - Throws: ``KeyError``: what is wrong, and what to do.
    public static func read(_ files: KeyFiles, log: [UInt8]) throws(KeyError) -> Keyring {
        let disk = SystemDisk(directory: files.directory)
        guard access(files.keys, F_OK) == 0 else { throw .missing(files.keys) }
        return try open(on: disk, path: files.keys, MasterKey(files.masterKey), log: log, isOwner: false)
    }

    /// Opens the keys on a disk, and makes them before if the log is new.
    static func start(
        on disk: some Disk, path: String, _ master: MasterKey, log: [UInt8], isNew: Bool
    ) throws(KeyError) -> Keyring {
        if isNew {
            let isMade: Bool
            do throws(FileError) {
                isMade = try disk.names().contains(KeyFiles.name)
                // The start that made it may have ended before its name was on the disk.
                if isMade { try disk.syncDirectory() }
            } catch {
                throw .disk(error)
            }
            if !isMade { try make(on: disk, master, log: log) }
        }
        return try open(on: disk, path: path, master, log: log, isOwner: true)
    }

    /// Makes a keys file with a new key of the log.
    static func make(on disk: some Disk, _ master: MasterKey, log: [UInt8]) throws(KeyError) {
        let header = KeyFileHeader(log: log, sealing: log)
        var file = try NewKeyFile(on: disk, header: header, logKey: .random(), master: master)
        try file.finish()
    }

    /// Opens the keys on a disk.
    static func open<D: Disk>(
        on disk: D, path: String = KeyFiles.name, _ master: MasterKey, log: [UInt8], isOwner: Bool = true
    ) throws(KeyError) -> Keyring {
        let file: D.File
        do throws(FileError) {
            file = try disk.open(KeyFiles.name, isOwner ? .writing : .reading)
        } catch {
            throw error.code == ENOENT ? .missing(path) : .disk(error)
        }
        let opening = try KeyFileOpening(file, path: path, master: master, log: log, isOwner: isOwner)
        return Keyring(
            identity: opening.header.sealing, log: log, logKey: opening.logKey,
            lostThrough: opening.header.lostThrough, slots: try KeyFile<D>(opening, isOwner: isOwner))
    }
}
