internal import CSodium

/// What a keyed hash is for.
public enum HashPurpose: String, Sendable, CaseIterable {
    /// The name of a stream that would name a person.
    case streamName = "stream name"
    /// What a command asked for, kept under its idempotency key.
    case fingerprint
}

/// Hashes with keys that come from the log's key, one for each purpose.
struct KeyedHashes: Sendable {
    static let size = 16
    private let streamNames: SealingKey
    private let fingerprints: SealingKey

    init(_ logKey: SealingKey) {
        streamNames = Self.key(for: .streamName, logKey)
        fingerprints = Self.key(for: .fingerprint, logKey)
    }

    func hash(_ bytes: UnsafeRawBufferPointer, _ purpose: HashPurpose) -> [UInt8] {
        let key =
            switch purpose {
            case .streamName: streamNames
            case .fingerprint: fingerprints
            }
        return [UInt8](unsafeUninitializedCapacity: Self.size) { hash, count in
            Self.hash(bytes, key, into: UnsafeMutableRawBufferPointer(start: hash.baseAddress!, count: Self.size))
            count = Self.size
        }
    }

    /// The key for a purpose: BLAKE2b-256 of the purpose's word, with the log's key.
    private static func key(for purpose: HashPurpose, _ logKey: SealingKey) -> SealingKey {
        var key = SealingKey()
        var word = purpose.rawValue
        word.withUTF8 { word in
            key.withMutableBytes { hash(UnsafeRawBufferPointer(word), logKey, into: $0) }
        }
        return key
    }

    private static func hash(
        _ bytes: UnsafeRawBufferPointer, _ key: SealingKey, into hash: UnsafeMutableRawBufferPointer
    ) {
        key.withBytes { key in
            let code = crypto_generichash(
                hash.baseAddress!.assumingMemoryBound(to: UInt8.self), hash.count,
                bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count),
                key.baseAddress!.assumingMemoryBound(to: UInt8.self), key.count)
            precondition(code == 0, "the sizes of hash and key are right")
        }
    }
}
