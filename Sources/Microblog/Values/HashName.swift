/// Something that is known by a hash of itself.
public protocol HashName: RawRepresentable<Hash256>, Hashable, Sendable, CustomStringConvertible {
    /// Gives a hash its meaning.
    init(rawValue: Hash256)
}

extension HashName {
    /// Takes exactly 32 bytes; `nil` for any other number.
    public init?(bytes: UnsafeRawBufferPointer) {
        guard let hash = Hash256(bytes: bytes) else { return nil }
        self.init(rawValue: hash)
    }

    /// Takes exactly 32 bytes; `nil` for any other number.
    public init?(bytes: [UInt8]) {
        guard let hash = Hash256(bytes: bytes) else { return nil }
        self.init(rawValue: hash)
    }

    /// Reads 64 hexadecimal digits in lower case; `nil` for anything else.
    public init?(hex: String) {
        guard let hash = Hash256(hex: hex) else { return nil }
        self.init(rawValue: hash)
    }

    /// Sixty-four hexadecimal digits in lower case.
    public var hex: String {
        rawValue.hex
    }

    /// The hexadecimal form.
    public var description: String {
        rawValue.hex
    }
}

/// Names an access key by its hash. The key itself is never stored.
public struct KeyHash: HashName {
    /// The 32 bytes.
    public let rawValue: Hash256

    /// Gives a hash its meaning.
    public init(rawValue: Hash256) {
        self.rawValue = rawValue
    }
}

/// Names the content of an uploaded file by its hash, so that the same file is kept once.
public struct ContentHash: HashName {
    /// The 32 bytes.
    public let rawValue: Hash256

    /// Gives a hash its meaning.
    public init(rawValue: Hash256) {
        self.rawValue = rawValue
    }
}
