internal import Bytes
internal import CSodium

/// The beginning of a backup of keys, as `docs/storage-format.md` describes it. All integers are big-endian.
///
///     offset  size
///     0       20    "martlet-key-backup 1" in ASCII
///     20      4     zero
///     24      8     passes of Argon2id
///     32      8     memory of Argon2id in bytes
///     40      16    salt of Argon2id
///     56      24    header of the stream
struct KeyBackupHeader {
    static let format = "martlet-key-backup 1"
    static let size = 80
    static let streamSize = 24

    var cost: PassphraseCost
    var salt: [UInt8]
    /// What the stream's nonce comes from.
    var stream: [UInt8]

    var bytes: [UInt8] {
        var bytes = Array(Self.format.utf8) + [0, 0, 0, 0]
        bytes.append(bigEndian: cost.operations)
        bytes.append(bigEndian: cost.memory)
        return bytes + salt + stream
    }
}

extension KeyBackupHeader {
    /// Takes the first bytes of a file.
    init(_ bytes: [UInt8], path: String) throws(KeyBackupError) {
        let label = Array("martlet-key-backup ".utf8)
        guard bytes.starts(with: label) else { throw .noBackup(path) }
        guard bytes.count >= Self.size else { throw .cutOff(path, at: bytes.count) }
        let found = String(decoding: bytes[..<24].prefix { $0 != 0 }, as: UTF8.self)
        guard found == Self.format else { throw .format(path, found: found) }
        guard bytes[20..<24].allSatisfy({ $0 == 0 }) else { throw .altered(path, at: 20) }
        cost = bytes.withUnsafeBytes { bytes in
            PassphraseCost(operations: bytes.bigEndianUInt64(at: 24), memory: bytes.bigEndianUInt64(at: 32))
        }
        guard cost.isBearable else { throw .altered(path, at: 24) }
        salt = Array(bytes[40..<56])
        stream = Array(bytes[56..<80])
    }
}

/// A stream of sealed chunks, by libsodium's `crypto_secretstream`: XChaCha20-Poly1305, each chunk bound to those before
/// it. So none can be left out, doubled or moved, and the last one says that it is the last.
final class ChunkStream {
    /// How much longer a chunk is when it is sealed.
    static let overhead = 17

    /// What stands before the chunks, and is authenticated with the first.
    let header: KeyBackupHeader

    private var state: crypto_secretstream_xchacha20poly1305_state
    private var isFirst = true
    private let additional: [UInt8]

    /// Begins to seal.
    init(sealing key: SealingKey, cost: PassphraseCost, salt: [UInt8]) {
        var state = crypto_secretstream_xchacha20poly1305_state()
        var stream = [UInt8](repeating: 0, count: KeyBackupHeader.streamSize)
        key.withBytes { key in
            // It always returns 0.
            _ = crypto_secretstream_xchacha20poly1305_init_push(
                &state, &stream, key.baseAddress!.assumingMemoryBound(to: UInt8.self))
        }
        self.state = state
        header = KeyBackupHeader(cost: cost, salt: salt, stream: stream)
        additional = header.bytes
    }

    /// Begins to open.
    init(opening key: SealingKey, _ header: KeyBackupHeader) {
        var state = crypto_secretstream_xchacha20poly1305_state()
        key.withBytes { key in
            // It always returns 0.
            _ = crypto_secretstream_xchacha20poly1305_init_pull(
                &state, header.stream, key.baseAddress!.assumingMemoryBound(to: UInt8.self))
        }
        self.state = state
        self.header = header
        additional = header.bytes
    }

    deinit { sodium_memzero(&state, MemoryLayout.size(ofValue: state)) }

    func seal(_ chunk: [UInt8], isLast: Bool) -> [UInt8] {
        var sealed = [UInt8](repeating: 0, count: chunk.count + Self.overhead)
        let additional = nextAdditional()
        let tag = isLast ? crypto_secretstream_xchacha20poly1305_tag_final() : 0
        // It always returns 0.
        _ = crypto_secretstream_xchacha20poly1305_push(
            &state, &sealed, nil, chunk, UInt64(chunk.count), additional, UInt64(additional.count), tag)
        return sealed
    }

    /// - Returns: the chunk, and whether it is the last; `nil` when it is not authentic.
    func open(_ sealed: [UInt8]) -> (chunk: [UInt8], isLast: Bool)? {
        guard sealed.count >= Self.overhead else { return nil }
        var chunk = [UInt8](repeating: 0, count: max(1, sealed.count - Self.overhead))
        var tag: UInt8 = 0
        let additional = nextAdditional()
        let code = crypto_secretstream_xchacha20poly1305_pull(
            &state, &chunk, nil, &tag, sealed, UInt64(sealed.count), additional, UInt64(additional.count))
        guard code == 0 else { return nil }
        chunk.removeLast(chunk.count - (sealed.count - Self.overhead))
        return (chunk, tag == crypto_secretstream_xchacha20poly1305_tag_final())
    }

    private func nextAdditional() -> [UInt8] {
        defer { isFirst = false }
        return isFirst ? additional : []
    }
}
