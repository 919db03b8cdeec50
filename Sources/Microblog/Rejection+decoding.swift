extension Rejection {
    /// Reads what ``encode()`` wrote; the memory is only borrowed.
    ///
    /// - Throws: `unknown` for what a newer martlet wrote, `damaged` for what none did.
    public static func decode(_ bytes: UnsafeRawBufferPointer) throws(RejectionDecodingError) -> Rejection {
        var reader = ByteReader(bytes)
        guard let number = reader.next(UInt8.self), number > 0 else { throw .damaged(byteCount: bytes.count) }
        guard number <= 20 else { throw .unknown(number) }
        guard let rejection = reader.rejection(number), reader.rest.isEmpty else {
            throw .damaged(byteCount: bytes.count)
        }
        return rejection
    }
}

extension ByteReader {
    fileprivate mutating func rejection(_ number: UInt8) -> Rejection? {
        switch number {
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
        default: nil
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
}
