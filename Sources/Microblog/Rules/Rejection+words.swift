extension Rejection: CustomStringConvertible {
    /// A word for programs to compare; it never changes.
    public var code: String {
        switch self {
        case .handleLength: "handle_length"
        case .handleCharacter: "handle_character"
        case .nameBlank: "name_blank"
        case .nameTooLong: "name_too_long"
        case .textBlank: "text_blank"
        case .textTooLong: "text_too_long"
        case .tooManyMedia: "too_many_media"
        case .duplicateMedia: "duplicate_media"
        case .mediaEmpty: "media_empty"
        case .cannotFollowYourself: "cannot_follow_yourself"
        case .accountRequired: "account_required"
        case .notAuthor: "not_author"
        case .mediaNotOwned: "media_not_owned"
        case .unknownAccount: "unknown_account"
        case .unknownPost: "unknown_post"
        case .unknownMedia: "unknown_media"
        case .unknownKey: "unknown_key"
        case .handleTaken: "handle_taken"
        case .keyInUse: "key_in_use"
        case .mediaAlreadyAttached: "media_already_attached"
        }
    }

    /// A sentence for people.
    public var message: String {
        switch self {
        case .handleLength(let length, let limit): "a handle has 1 to \(limit) characters, this one has \(length)"
        case .handleCharacter(let scalar):
            "a handle has only letters a to z, digits, '_', '.' and '-', not \(scalar.debugDescription)"
        case .nameBlank: "the name is blank"
        case .nameTooLong(let length, let limit): "the name has \(length) characters, at most \(limit) are allowed"
        case .textBlank: "the text is blank"
        case .textTooLong(let length, let limit): "the text has \(length) characters, at most \(limit) are allowed"
        case .tooManyMedia(let count, let limit): "\(count) media on one post, at most \(limit) are allowed"
        case .duplicateMedia(let media): "media \(media) is named twice"
        case .mediaEmpty: "the file is empty"
        case .cannotFollowYourself: "an account cannot follow itself"
        case .accountRequired: "only an account can do this; the operator has none"
        case .notAuthor(let post): "post \(post) is another account's"
        case .mediaNotOwned(let media): "media \(media) is another account's"
        case .unknownAccount(let account): "there is no account \(account)"
        case .unknownPost(let post): "there is no post \(post)"
        case .unknownMedia(let media): "there is no media \(media)"
        case .unknownKey(let key): "there is no key with the hash \(key.hex.prefix(8))…"
        case .handleTaken(let handle): "the handle \(handle) is taken"
        case .keyInUse(let key): "the key with the hash \(key.hex.prefix(8))… is or was in use; make another"
        case .mediaAlreadyAttached(let media): "media \(media) is already on a post"
        }
    }

    /// The sentence for people.
    public var description: String {
        message
    }
}
