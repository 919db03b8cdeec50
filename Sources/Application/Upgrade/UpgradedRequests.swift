internal import Bytes
internal import EventLog
internal import Sealing

/// Says requests of the program before anew: with fingerprints that are keyed, and with the names that this program gives
/// to imports that have none. So a request, or a whole import, that is sent again is known again.
struct UpgradedRequests {
    private let keys: Keyring
    /// The new name of each import that was named after its first line.
    private var imports: [[UInt8]: [UInt8]] = [:]

    init(_ keys: Keyring) { self.keys = keys }

    /// The request that stands for one of before. Ask in the order of the log.
    mutating func request(_ former: Idempotency) -> Idempotency {
        let fingerprint = former.fingerprint.withUnsafeBytes { keys.keyed($0) }
        return Idempotency(
            actor: former.actor, key: key(former, keyed: fingerprint), fingerprint: fingerprint)
    }

    private mutating func key(_ former: Idempotency, keyed fingerprint: [UInt8]) -> [UInt8] {
        guard former.actor == 0, let parts = ImportKey(former.key) else { return former.key }
        if parts.isFirstLine, parts.name.elementsEqual(ImportKey.formerName(of: former.fingerprint).utf8) {
            imports[Array(parts.name)] = Array(ImportKey.name(of: fingerprint).utf8)
        }
        guard let name = imports[Array(parts.name)] else { return former.key }
        return ImportKey.prefix + name + parts.number
    }
}

/// The idempotency key of a line of an import: `import/<name>/<number of the line in twelve digits>`.
struct ImportKey {
    static let prefix = Array("import/".utf8)
    /// The name of the import.
    let name: ArraySlice<UInt8>
    /// What comes after the name, with the slash.
    let number: ArraySlice<UInt8>

    /// Takes a key apart; `nil` if it is none of an import.
    init?(_ key: [UInt8]) {
        guard key.starts(with: Self.prefix), let slash = key.lastIndex(of: UInt8(ascii: "/")),
            slash >= Self.prefix.count
        else { return nil }
        name = key[Self.prefix.count..<slash]
        number = key[slash...]
    }

    var isFirstLine: Bool { number.elementsEqual("/000000000001".utf8) }

    /// The key of a line, from 1.
    static func key(_ name: String, _ line: Int) -> [UInt8] {
        let digits = String(line)
        // The number is padded, so that the keys of an import are neighbours in the order of the lines.
        return Array("import/\(name)/\(String(repeating: "0", count: max(0, 12 - digits.count)))\(digits)".utf8)
    }

    /// The name of an import that has none: its first line's fingerprint.
    static func name(of fingerprint: [UInt8]) -> String { fingerprint.withUnsafeBytes { Hexadecimal.text($0) } }

    /// The name that the program before gave, without leading zeros in a byte.
    static func formerName(of fingerprint: [UInt8]) -> String {
        fingerprint.map { String($0, radix: 16) }.joined()
    }
}
