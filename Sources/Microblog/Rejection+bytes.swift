internal import Bytes

extension Rejection {
    /// The rejection as the log keeps it, so that a retry gets the same answer. The layout is in `docs/events.md`.
    ///
    /// It holds nothing that a person wrote: a handle is that of the command, which a retry brings along.
    public func encode() -> [UInt8] {
        let form = form
        var bytes: [UInt8] = []
        bytes.reserveCapacity(33)
        bytes.append(form.number)
        switch form.values {
        case .none: break
        case .sizes(let first, let second):
            bytes.append(bigEndian: Int64(first))
            bytes.append(bigEndian: Int64(second))
        case .scalar(let scalar): bytes.append(bigEndian: scalar.value)
        case .id(let id): bytes.append(bigEndian: id)
        case .key(let key): bytes.append(key)
        case .time(let time): bytes.append(bigEndian: time.milliseconds)
        }
        return bytes
    }

    /// Reads what ``encode()`` wrote; the memory is only borrowed.
    ///
    /// - Parameter command: what was rejected, or a retry of it.
    /// - Throws: `unknown` for what a newer martlet wrote, `damaged` for what no martlet wrote in answer to the command.
    public static func decode(
        _ bytes: UnsafeRawBufferPointer, answering command: Command
    ) throws(RejectionDecodingError) -> Rejection {
        var values = ByteReader(bytes)
        guard let number = values.next(UInt8.self), let rejection = try values.rejection(number, command.handle),
            values.rest.isEmpty
        else { throw .damaged(byteCount: bytes.count) }
        return rejection
    }
}

extension Rejection {
    /// What ``encode()`` writes today for bytes of a log of before, which can hold a handle. Other bytes stay as they
    /// are.
    public static func withoutHandle(_ stored: UnsafeRawBufferPointer) -> [UInt8] {
        guard let number = stored.first, number == 18 || number == 21, stored.count > 1 else { return Array(stored) }
        // After the number come the handle's length and the handle; after the handle of 21 a time.
        return [number == 18 ? 24 : 25] + stored.dropFirst(2 + Int(stored[1]))
    }
}

extension ByteReader {
    /// `nil` if the values are not those of this number.
    ///
    /// - Parameter wanted: the handle that the rejected command wanted. Logs of before that hold it with the answer
    ///   (18 and 21).
    fileprivate mutating func rejection(
        _ number: UInt8, _ wanted: Handle?
    ) throws(RejectionDecodingError) -> Rejection? {
        switch number {
        case 0: nil
        case 1: sizes().map { .handleLength(length: $0.0, limit: $0.1) }
        case 2: next(UInt32.self).flatMap { Unicode.Scalar($0) }.map { .handleCharacter($0) }
        case 3: .nameBlank
        case 4: sizes().map { .nameTooLong(length: $0.0, limit: $0.1) }
        case 5: .textBlank
        case 6: sizes().map { .textTooLong(length: $0.0, limit: $0.1) }
        case 7: sizes().map { .tooManyMedia(count: $0.0, limit: $0.1) }
        case 8: id().map { .duplicateMedia($0) }
        case 9: .mediaEmpty
        case 10: .cannotFollowYourself
        case 11: .accountRequired
        case 12: id().map { .notAuthor($0) }
        case 13: id().map { .mediaNotOwned($0) }
        case 14: id().map { .unknownAccount($0) }
        case 15: id().map { .unknownPost($0) }
        case 16: id().map { .unknownMedia($0) }
        case 17: key().map { .unknownKey($0) }
        case 18: handle().map { .handleTaken($0) }
        case 19: key().map { .keyInUse($0) }
        case 20: id().map { .mediaAlreadyAttached($0) }
        case 21: handle().flatMap { handle in time().map { .handleHeld(handle, until: $0) } }
        case 22: id().map { .notYourAccount($0) }
        case 23: sizes().map { .tooManyPins(count: $0.0, limit: $0.1) }
        case 24: wanted.map { .handleTaken($0) }
        case 25: wanted.flatMap { handle in time().map { .handleHeld(handle, until: $0) } }
        default: throw .unknown(number)
        }
    }

    private mutating func sizes() -> (Int, Int)? {
        guard let first = next(Int64.self), let second = next(Int64.self) else { return nil }
        return (Int(first), Int(second))
    }

    private mutating func id<ID: EntityID>() -> ID? {
        next(UInt64.self).map { ID(rawValue: $0) }
    }

    private mutating func key() -> KeyHash? {
        next(count: Hash256.byteCount).flatMap { KeyHash(bytes: $0) }
    }

    private mutating func handle() -> Handle? {
        next(UInt8.self).flatMap { next(count: Int($0)) }.flatMap { Handle(stored: $0) }
    }

    private mutating func time() -> Timestamp? {
        next(Int64.self).map { Timestamp($0) }.flatMap { Timestamp.writable.contains($0) ? $0 : nil }
    }
}

/// Why stored bytes are not a rejection that this program can read.
public enum RejectionDecodingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The number of the rule is not known here.
    case unknown(UInt8)
    /// There are too few or too many bytes, or they hold what no martlet writes.
    case damaged(byteCount: Int)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .unknown(let number):
            "rejection \(number) is not known to this martlet: a newer martlet wrote it; "
                + "run that version or a later one"
        case .damaged(let byteCount):
            "the \(byteCount) bytes of a stored rejection are damaged; restore the log from a backup"
        }
    }
}
