internal import CSodium
internal import Threads

/// The keys of one log: its own, and one of each account. Any thread may use it.
///
/// Personal fields are sealed with the key of the account that they are about. Where the key is gone, so are they.
public final class Keyring: Sendable {
    /// What sealed bytes and keys name as the log that they belong to, 16 bytes. It is the log's identity, and stays what
    /// it is when a log that was cut gets another one: so sealed bytes can still be opened. Authenticate this, and not
    /// the identity of the log.
    public let identity: [UInt8]
    /// The identity of the log that the keys belong to.
    public let log: [UInt8]
    /// The log's own key. Hashes of names and of commands come from it.
    public let logKey: SealingKey

    /// Up to this account keys may be missing, because the log was restored from a backup that lacked them; 0: none is.
    /// What does not open with the key of such an account is to be shown as erased, and is no damage.
    public let lostThrough: UInt64

    private let slots: any KeySlots
    private let hashes: KeyedHashes

    init(
        identity: [UInt8], log: [UInt8]? = nil, logKey: SealingKey, lostThrough: UInt64 = 0, slots: any KeySlots
    ) {
        precondition(identity.count == Self.identitySize, "the identity of a log has 16 bytes")
        self.log = log ?? identity
        self.lostThrough = lostThrough
        self.identity = identity
        self.logKey = logKey
        self.slots = slots
        hashes = KeyedHashes(logKey)
    }

    /// The size of the identity of a log, in bytes.
    public static let identitySize = 16

    /// Keys in memory alone: for tests and measurements.
    public static func inMemory(identity: [UInt8]) -> Keyring {
        Keyring(identity: identity, logKey: .random(), slots: MemorySlots())
    }

    /// The key of an account; `nil` when it was erased, or never had one. A key that is not durable yet counts.
    ///
    /// - Throws: ``KeyError`` when the key is there but cannot be read. That is not the same as erased.
    public func key(of account: UInt64) throws(KeyError) -> SealingKey? { try slots.key(of: account) }

    /// The key that an account has, or a new one. A new one is not durable before ``sync()`` has returned.
    ///
    /// - Throws: ``KeyError``; ``KeyError/erased(account:)`` when the account was erased: it gets no key again.
    public func makeKey(of account: UInt64) throws(KeyError) -> SealingKey { try slots.makeKey(of: account) }

    /// Waits until all new keys are on the disk. Quick when there are none.
    ///
    /// - Throws: ``KeyError`` when they may not be there. They can still be used, and the next call writes them again.
    public func sync() throws(KeyError) { try slots.sync() }

    /// Overwrites the key of an account with zeros where it lies, and waits until they are on the disk. It does nothing
    /// when the account has none.
    ///
    /// - Throws: ``KeyError`` when nobody knows whether the key is gone. Call it again then.
    public func destroyKey(of account: UInt64) throws(KeyError) { try slots.destroyKey(of: account) }

    /// The newest account that ever got a key, or whose key may have been lost; 0 if there is none. It may be more than
    /// the log has accounts: a key is made before the event, and that may fail. If it is less than the newest account
    /// that got a key when the log was last written, the keys are an older copy.
    public var newestAccount: UInt64 { max(lostThrough, slots.newestAccount) }

    /// Refuses keys that are an older copy.
    ///
    /// - Parameter account: the newest one that got a key, as the log says.
    /// - Throws: ``KeyError/older(newest:needed:)``.
    public func requireAccount(_ account: UInt64) throws(KeyError) {
        guard account <= newestAccount else { throw .older(newest: newestAccount, needed: account) }
    }

    /// How many accounts have a key. It reads all that is stored.
    ///
    /// - Throws: ``KeyError`` when a key cannot be read.
    public var count: Int {
        get throws {
            var count = 0
            try eachAccount { if $1 != nil { count += 1 } }
            return count
        }
    }

    /// Lends each account that ever got a key, in no order, with its key; `nil` where it was erased. It reads and opens
    /// all that is stored.
    ///
    /// - Throws: ``KeyError`` when a key cannot be read; what `body` throws.
    public func eachAccount(_ body: (UInt64, SealingKey?) throws -> Void) throws { try slots.eachSlot(body) }

    /// The keyed hash of some bytes, BLAKE2b with 16 bytes. Without the log's key nobody can tell whose name it is, or
    /// try names.
    ///
    /// - Parameter purpose: what it is for. The same bytes have different hashes for each.
    public func hash(_ bytes: UnsafeRawBufferPointer, purpose: HashPurpose) -> [UInt8] {
        hashes.hash(bytes, purpose)
    }
}

/// Where keys are kept: what each call means stands at ``Keyring``.
protocol KeySlots: Sendable {
    func key(of account: UInt64) throws(KeyError) -> SealingKey?
    func makeKey(of account: UInt64) throws(KeyError) -> SealingKey
    func sync() throws(KeyError)
    func destroyKey(of account: UInt64) throws(KeyError)
    var newestAccount: UInt64 { get }
    func eachSlot(_ body: (UInt64, SealingKey?) throws -> Void) throws
}

/// Keys that end with the process.
private final class MemorySlots: KeySlots {
    /// An account that was erased has a slot without a key.
    private let keys = Guarded<[UInt64: SealingKey?]>([:])

    func key(of account: UInt64) -> SealingKey? { keys.withLock { $0[account] ?? nil } }

    func makeKey(of account: UInt64) throws(KeyError) -> SealingKey {
        let key = keys.withLock { keys -> SealingKey? in
            if let slot = keys[account] { return slot }
            let key = SealingKey.random()
            keys[account] = key
            return key
        }
        guard let key else { throw .erased(account: account) }
        return key
    }

    func sync() {}

    func destroyKey(of account: UInt64) {
        keys.withLock { if $0[account] != nil { $0[account] = .some(nil) } }
    }

    var newestAccount: UInt64 { keys.withLock { $0.keys.max() ?? 0 } }

    func eachSlot(_ body: (UInt64, SealingKey?) throws -> Void) throws {
        for (account, key) in keys.withLock({ $0 }) { try body(account, key) }
    }
}
