extension Rejection {
    /// Bytes for the log to keep, so that a retry gets the first answer again; the layout is in `docs/events.md`.
    public func encode() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(33)
        switch self {
        case .handleLength(let length, let limit): bytes.append(rejection: 1, length, limit)
        case .handleCharacter(let scalar):
            bytes.append(2)
            bytes.appendBigEndian(scalar.value)
        case .nameBlank: bytes.append(3)
        case .nameTooLong(let length, let limit): bytes.append(rejection: 4, length, limit)
        case .textBlank: bytes.append(5)
        case .textTooLong(let length, let limit): bytes.append(rejection: 6, length, limit)
        case .tooManyMedia(let count, let limit): bytes.append(rejection: 7, count, limit)
        case .duplicateMedia(let media): bytes.append(rejection: 8, media)
        case .mediaEmpty: bytes.append(9)
        case .cannotFollowYourself: bytes.append(10)
        case .accountRequired: bytes.append(11)
        case .notAuthor(let post): bytes.append(rejection: 12, post)
        case .mediaNotOwned(let media): bytes.append(rejection: 13, media)
        case .unknownAccount(let account): bytes.append(rejection: 14, account)
        case .unknownPost(let post): bytes.append(rejection: 15, post)
        case .unknownMedia(let media): bytes.append(rejection: 16, media)
        case .unknownKey(let key):
            bytes.append(17)
            bytes.append(key)
        case .handleTaken(let handle):
            bytes.append(18)
            bytes.appendCounted(handle)
        case .keyInUse(let key):
            bytes.append(19)
            bytes.append(key)
        case .mediaAlreadyAttached(let media): bytes.append(rejection: 20, media)
        }
        return bytes
    }
}

extension [UInt8] {
    fileprivate mutating func append(rejection number: UInt8, _ length: Int, _ limit: Int) {
        append(number)
        appendBigEndian(Int64(length))
        appendBigEndian(Int64(limit))
    }

    fileprivate mutating func append(rejection number: UInt8, _ id: some EntityID) {
        append(number)
        append(id)
    }
}
