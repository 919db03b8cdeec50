internal import Bytes
internal import Sealing

/// The personal part of a record, as the log holds it. Its bytes live as long as the record.
public enum StoredPersonal {
    /// The event says nothing personal.
    case none
    /// In plain: a record of layout 1, or of a log that was upgraded without sealing.
    case plain(UnsafeRawBufferPointer)
    /// Sealed with the key of an account.
    case sealed(SealedPart)
}

/// What a reader gets of a personal part.
public enum OpenedPersonal {
    /// In plain, empty if the event says nothing personal. The bytes live as long as the call that lends them.
    case plain(UnsafeRawBufferPointer)
    /// It is sealed with a key that this account does not have any more, or not here.
    case noKey(account: UInt64)
}

/// A personal part that is sealed:
///
///     offset  size
///     0       8     account, whose key it is
///     8       24    nonce
///     32      16    tag
///     48      ...   ciphertext
///
/// The cipher is XChaCha20-Poly1305. The additional data are the identity of the keys (16), the event's type (1), its
/// schema (1), and the account (8). So a sealed part passes with no other keys, for no other kind of event and for no other
/// account.
public struct SealedPart {
    static let headerSize = 8 + Seal.nonceSize + Seal.tagSize

    let position: Position
    let type: UInt8
    let schema: UInt8
    let bytes: UnsafeRawBufferPointer

    /// The account whose key it is.
    public var account: UInt64 { bytes.bigEndianUInt64(at: 0) }
    /// How many bytes were sealed.
    public var plainSize: Int { bytes.count - Self.headerSize }

    /// Lends the plaintext.
    ///
    /// - Throws: ``LogCorruption`` when there is a key, and it does not fit, unless keys were lost; `KeyError` when the key cannot be read; what
    ///   `body` throws.
    @inline(__always)
    func open<Result>(with keys: Keyring, _ body: (OpenedPersonal) throws -> Result) throws -> Result {
        let account = account
        guard let key = try keys.key(of: account) else { return try body(.noKey(account: account)) }
        let content = UnsafeRawBufferPointer(rebasing: bytes[8...])
        return try withUnsafeTemporaryAllocation(byteCount: plainSize, alignment: 8) { plain in
            let isAuthentic = Self.withAdditional(type, schema, account, keys) { additional in
                Seal.open(content, with: key, additional: additional, into: plain)
            }
            guard isAuthentic else {
                // The key that it was sealed with may have been lost, and another made for the account since.
                if account <= keys.lostThrough { return try body(.noKey(account: account)) }
                throw LogCorruption(
                    position: position,
                    problem: "its personal part does not open with the key of account \(account): the record or that "
                        + "key is damaged, or both are of different logs; restore log and keys from backups")
            }
            return try body(.plain(UnsafeRawBufferPointer(plain)))
        }
    }

    @inline(__always)
    fileprivate static func withAdditional<Result>(
        _ type: UInt8, _ schema: UInt8, _ account: UInt64, _ keys: Keyring, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(byteCount: 26, alignment: 8) { additional in
            keys.identity.withUnsafeBytes { additional.copyMemory(from: $0) }
            additional[16] = type
            additional[17] = schema
            additional.storeBigEndian(account, at: 18)
            return body(UnsafeRawBufferPointer(additional))
        }
    }
}

/// How the personal part of a new event is sealed.
struct PersonalSeal {
    /// How many bytes it has when it is sealed.
    let size: Int
    private let account: UInt64
    private let key: SealingKey
    private let keys: Keyring

    /// Looks the key up; `nil` for an event without anything personal.
    ///
    /// - Throws: ``LogError/noKey(account:)``, `KeyError`: see ``RecordLayout``.
    init?(_ event: NewEvent, at position: Position, _ keys: Keyring) throws {
        guard !event.personal.isEmpty, let account = event.subject else { return nil }
        guard let key = try Self.key(of: account, isNew: account == position, keys) else {
            throw LogError.noKey(account: account)
        }
        self.key = key
        self.account = account
        self.keys = keys
        size = SealedPart.headerSize + event.personal.count
    }

    private static func key(of account: UInt64, isNew: Bool, _ keys: Keyring) throws(KeyError) -> SealingKey? {
        guard isNew else { return try keys.key(of: account) }
        do throws(KeyError) {
            return try keys.makeKey(of: account)
        } catch .erased {
            // The log was cut to before this account, and the keys were not.
            return nil
        }
    }

    /// Writes the sealed part, ``size`` bytes.
    func write(_ event: NewEvent, _ target: UnsafeMutableRawBufferPointer) {
        target.storeBigEndian(account, at: 0)
        let content = UnsafeMutableRawBufferPointer(rebasing: target[8...])
        event.personal.withUnsafeBytes { plain in
            SealedPart.withAdditional(event.type, event.schema, account, keys) { additional in
                Seal.seal(plain, with: key, additional: additional, into: content)
            }
        }
    }
}
