internal import CSodium
internal import Files
internal import Glibc

/// What a person remembers or keeps elsewhere, to open a backup of keys.
public struct Passphrase: Sendable {
    private static let longest = 1 << 16
    private let bytes: [UInt8]

    /// Takes the first line of a file, without its end. The file may be a pipe.
    ///
    /// - Throws: ``KeyBackupError`` when it cannot be read, or the line is empty or too long.
    public init(file: String) throws(KeyBackupError) {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .disk(FileError("open", file, code: errno)) }
        defer { close(descriptor) }
        var read: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 4096)
        while !read.contains(UInt8(ascii: "\n")) {
            let count = Glibc.read(descriptor, &room, room.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .disk(FileError("read", file, code: errno)) }
            guard count > 0 else { break }
            read += room[..<count]
            guard read.count <= Self.longest else { throw .longPassphrase(file) }
        }
        let line = read.prefix { $0 != UInt8(ascii: "\n") }
        bytes = Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
        guard !bytes.isEmpty else { throw .emptyPassphrase(file) }
    }

    /// The key that comes from the passphrase, by Argon2id.
    ///
    /// - Throws: ``KeyBackupError/noMemory(_:)``.
    func key(_ cost: PassphraseCost, salt: [UInt8]) throws(KeyBackupError) -> SealingKey {
        precondition(salt.count == PassphraseCost.saltSize, "the salt has 16 bytes")
        var key = SealingKey()
        let code = key.withMutableBytes { key in
            bytes.withUnsafeBytes { passphrase in
                crypto_pwhash(
                    key.baseAddress!.assumingMemoryBound(to: UInt8.self), UInt64(key.count),
                    passphrase.baseAddress!.assumingMemoryBound(to: CChar.self), UInt64(passphrase.count), salt,
                    cost.operations, Int(cost.memory), crypto_pwhash_alg_argon2id13())
            }
        }
        guard code == 0 else { throw .noMemory(cost.memory) }
        return key
    }
}

/// What it takes to try one passphrase.
struct PassphraseCost: Equatable {
    static let saltSize = 16
    /// Argon2id's "moderate": about a second.
    static let moderate = PassphraseCost(operations: 3, memory: 256 << 20)
    /// The least there is, for tests.
    static let least = PassphraseCost(operations: 1, memory: 8192)

    /// Passes over the memory.
    var operations: UInt64
    /// In bytes.
    var memory: UInt64

    /// Whether a file may ask for so much: nobody is to be kept busy for long by one that was made up.
    var isBearable: Bool { 1...16 ~= operations && 8192...(1 << 30) ~= memory }
}
