internal import Bytes
internal import CSodium
internal import Files
internal import Glibc

/// All keys of a log in one file, sealed with a passphrase. It opens without the master key, on any machine.
///
/// Behind the ``KeyBackupHeader`` come chunks: length (4), sealed chunk. The first holds identity of the log (16),
/// identity that sealed bytes name (16), key of the log (32), newest account whose key may have been lost (8). Those that
/// follow hold accounts, 41 bytes each: account (8), 1 if it has a key and 0 if it was erased, key (32) or zeros. The last
/// holds the number of accounts (8).
public struct KeyBackup: Sendable {
    /// The identity of the log that the keys belong to.
    public let log: [UInt8]
    /// Where it comes from, for messages.
    let path: String
    let sealing: [UInt8]
    let logKey: SealingKey
    let lostThrough: UInt64
    /// In ascending order.
    let accounts: [(account: UInt64, key: SealingKey?)]

    private static let firstSize = 72
    private static let accountSize = 41
    private static let chunkAccounts = 1024

    /// Takes over what is in memory.
    ///
    /// - Parameter path: where the keys come from, for messages.
    /// - Throws: ``KeyError`` when a key cannot be read.
    public init(of keys: Keyring, path: String) throws {
        var accounts: [(account: UInt64, key: SealingKey?)] = []
        try keys.eachAccount { accounts.append(($0, $1)) }
        self.accounts = accounts.sorted { $0.account < $1.account }
        self.path = path
        log = keys.log
        sealing = keys.identity
        logKey = keys.logKey
        lostThrough = keys.lostThrough
    }

    /// Requires that the keys are those of a log.
    ///
    /// - Throws: ``KeyBackupError/foreign(_:log:found:)``.
    public func require(log: [UInt8]) throws(KeyBackupError) {
        guard log == self.log else { throw .foreign(path, log: log, found: self.log) }
    }

    /// Whether the account's key is in the backup, or was erased before.
    public func knows(_ account: UInt64) -> Bool {
        var low = 0
        var high = accounts.count
        while low < high {
            let middle = (low + high) / 2
            if accounts[middle].account < account { low = middle + 1 } else { high = middle }
        }
        return low < accounts.count && accounts[low].account == account
    }
}

// Writing.
extension KeyBackup {
    /// Writes all keys of a log into a file that only its owner can read. It appears when it is whole and on the disk.
    ///
    /// - Parameter file: must not exist.
    /// - Returns: how many accounts with a key are in it.
    /// - Throws: ``KeyBackupError``; ``KeyError`` when a key cannot be read.
    @discardableResult
    public static func write(_ keys: Keyring, to file: String, passphrase: Passphrase) throws -> Int {
        try write(keys, to: file, passphrase: passphrase, cost: .moderate)
    }

    @discardableResult
    static func write(
        _ keys: Keyring, to file: String, passphrase: Passphrase, cost: PassphraseCost
    ) throws -> Int {
        guard access(file, F_OK) != 0 else { throw KeyBackupError.exists(file) }
        let salt = [UInt8](unsafeUninitializedCapacity: PassphraseCost.saltSize) { salt, count in
            randombytes_buf(salt.baseAddress!, PassphraseCost.saltSize)
            count = PassphraseCost.saltSize
        }
        let stream = ChunkStream(sealing: try passphrase.key(cost, salt: salt), cost: cost, salt: salt)
        let target = try PrivateFile(file)
        try target.write(stream.header.bytes)
        func add(_ chunk: inout [UInt8], isLast: Bool = false) throws {
            let sealed = stream.seal(chunk, isLast: isLast)
            var length: [UInt8] = []
            length.append(bigEndian: UInt32(sealed.count))
            try target.write(length + sealed)
            sodium_memzero(&chunk, chunk.count)
            chunk.removeAll(keepingCapacity: true)
        }
        var chunk = keys.log + keys.identity
        keys.logKey.withBytes { chunk.append(contentsOf: $0) }
        chunk.append(bigEndian: keys.lostThrough)
        try add(&chunk)
        var (accounts, keyCount) = (UInt64(0), 0)
        try keys.eachAccount { account, key in
            chunk.append(bigEndian: account)
            chunk.append(key == nil ? 0 : 1)
            (key ?? SealingKey()).withBytes { chunk.append(contentsOf: $0) }
            accounts += 1
            keyCount += key == nil ? 0 : 1
            if chunk.count >= chunkAccounts * accountSize { try add(&chunk) }
        }
        if !chunk.isEmpty { try add(&chunk) }
        chunk.append(bigEndian: accounts)
        try add(&chunk, isLast: true)
        try target.finish()
        return keyCount
    }
}

// Reading.
extension KeyBackup {
    /// Reads a backup whole.
    ///
    /// - Throws: ``KeyBackupError``: what is wrong, and what to do.
    public init(_ file: String, passphrase: Passphrase) throws(KeyBackupError) {
        let bytes = try Self.bytes(of: file)
        let header = try KeyBackupHeader(bytes, path: file)
        let stream = ChunkStream(opening: try passphrase.key(header.cost, salt: header.salt), header)
        var chunks: [[UInt8]] = []
        var offset = KeyBackupHeader.size
        var isLast = false
        while !isLast {
            guard offset + 4 <= bytes.count else { throw .cutOff(file, at: bytes.count) }
            let size = Int(bytes.withUnsafeBytes { $0.bigEndianUInt32(at: offset) })
            guard offset + 4 + size <= bytes.count else { throw .cutOff(file, at: bytes.count) }
            guard let opened = stream.open(Array(bytes[(offset + 4)..<(offset + 4 + size)])) else {
                throw chunks.isEmpty ? .wrongPassphrase(file) : .altered(file, at: offset)
            }
            chunks.append(opened.chunk)
            isLast = opened.isLast
            offset += 4 + size
        }
        guard offset == bytes.count, let first = chunks.first, first.count == Self.firstSize,
            let accounts = Self.accounts(chunks.dropFirst())
        else { throw .altered(file, at: offset) }
        path = file
        log = Array(first[..<16])
        sealing = Array(first[16..<32])
        logKey = first[32..<64].withUnsafeBytes { SealingKey($0) }
        lostThrough = first.withUnsafeBytes { $0.bigEndianUInt64(at: 64) }
        self.accounts = accounts
        for chunk in chunks.indices { sodium_memzero(&chunks[chunk], chunks[chunk].count) }
    }

    private static func bytes(of file: String) throws(KeyBackupError) -> [UInt8] {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .disk(FileError("open", file, code: errno)) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &room, room.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .disk(FileError("read", file, code: errno)) }
            if count == 0 { return bytes }
            bytes += room[..<count]
        }
    }

    /// - Returns: `nil` when they are not what ``write(_:to:passphrase:)`` makes.
    private static func accounts(_ chunks: ArraySlice<[UInt8]>) -> [(account: UInt64, key: SealingKey?)]? {
        guard let last = chunks.last, last.count == 8 else { return nil }
        var accounts: [(account: UInt64, key: SealingKey?)] = []
        for chunk in chunks.dropLast() {
            guard chunk.count % accountSize == 0 else { return nil }
            chunk.withUnsafeBytes { chunk in
                for start in stride(from: 0, to: chunk.count, by: accountSize) {
                    let key = SealingKey(UnsafeRawBufferPointer(rebasing: chunk[(start + 9)..<(start + accountSize)]))
                    accounts.append((chunk.bigEndianUInt64(at: start), chunk[start + 8] == 1 ? key : nil))
                }
            }
        }
        guard last.withUnsafeBytes({ $0.bigEndianUInt64(at: 0) }) == UInt64(accounts.count) else { return nil }
        return accounts.sorted { $0.account < $1.account }
    }
}

extension Keyring {
    /// Makes the files of a log that is restored, under the master key that is there or a new one.
    ///
    /// - Parameters:
    ///   - log: the identity of the restored log.
    ///   - backup: the keys; `nil` if there are none. The log gets a new key then.
    ///   - newest: the newest event. Keys of accounts behind it are left out: their numbers will go to others.
    ///   - lacksKeys: whether accounts of the log have no key in the backup.
    /// - Throws: ``KeyError``.
    public static func restore(
        _ files: KeyFiles, log: [UInt8], from backup: KeyBackup?, through newest: UInt64, lacksKeys: Bool
    ) throws(KeyError) {
        let header = KeyFileHeader(
            log: log, sealing: backup?.sealing ?? log,
            lostThrough: lacksKeys ? newest : min(newest, backup?.lostThrough ?? 0))
        var file = try NewKeyFile(
            on: SystemDisk(directory: files.directory), header: header, logKey: backup?.logKey ?? .random(),
            master: try MasterKey.make(files.masterKey))
        for (account, key) in backup?.accounts ?? [] where account <= newest { try file.add(account, key) }
        try file.finish()
    }
}

/// A new file that only its owner can read. Without ``finish()`` nothing is left of it.
private final class PrivateFile {
    private let path: String
    private let temporary: String
    private let descriptor: Int32

    init(_ path: String) throws(KeyBackupError) {
        self.path = path
        temporary = path + ".part"
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .disk(FileError("create", temporary, code: errno)) }
        // It may be left of an earlier one.
        guard fchmod(descriptor, 0o600) == 0 else {
            throw .disk(FileError("change the mode of", temporary, code: errno))
        }
    }

    deinit {
        close(descriptor)
        unlink(temporary)
    }

    func write(_ bytes: [UInt8]) throws(KeyBackupError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .disk(FileError("write", temporary, code: errno)) }
            done += count
        }
    }

    func finish() throws(KeyBackupError) {
        guard fsync(descriptor) == 0 else { throw .disk(FileError("sync", temporary, code: errno)) }
        // Unlike a rename, it takes the place of nothing.
        guard link(temporary, path) == 0 else {
            throw errno == EEXIST ? .exists(path) : .disk(FileError("create", path, code: errno))
        }
        do throws(FileError) {
            try Directory.sync(MasterKey.directory(of: path))
        } catch {
            throw .disk(error)
        }
    }
}
