/// The rule that forbids a command, with the values that broke it.
///
/// A case has three rows: itself, its ``form``, and its number in ``decode(_:answering:)``.
public enum Rejection: Error, Hashable, Sendable {
    case handleLength(length: Int, limit: Int)
    case handleCharacter(Unicode.Scalar)
    case nameBlank
    case nameTooLong(length: Int, limit: Int)
    case textBlank
    case textTooLong(length: Int, limit: Int)
    case tooManyMedia(count: Int, limit: Int)
    case duplicateMedia(MediaID)
    case mediaEmpty
    case cannotFollowYourself
    case accountRequired
    case notAuthor(PostID)
    case mediaNotOwned(MediaID)
    case unknownAccount(AccountID)
    case unknownPost(PostID)
    case unknownMedia(MediaID)
    case unknownKey(KeyHash)
    case handleTaken(Handle)
    case keyInUse(KeyHash)
    case mediaAlreadyAttached(MediaID)
    case handleHeld(Handle, until: Timestamp)
    case notYourAccount(AccountID)
    case tooManyPins(count: Int, limit: Int)

    var form: RejectionForm {
        switch self {
        case .handleLength(let length, let limit):
            RejectionForm(
                1, .invalid, "handle_length", .sizes(length, limit),
                "a handle has 1 to \(limit) characters, this one has \(length)")
        case .handleCharacter(let scalar):
            RejectionForm(
                2, .invalid, "handle_character", .scalar(scalar),
                "a handle has only letters a to z, digits, '_', '.' and '-', not \(scalar.debugDescription)")
        case .nameBlank: RejectionForm(3, .invalid, "name_blank", .none, "the name is blank")
        case .nameTooLong(let length, let limit):
            RejectionForm(
                4, .invalid, "name_too_long", .sizes(length, limit),
                "the name has \(length) characters, at most \(limit) are allowed")
        case .textBlank: RejectionForm(5, .invalid, "text_blank", .none, "the text is blank")
        case .textTooLong(let length, let limit):
            RejectionForm(
                6, .invalid, "text_too_long", .sizes(length, limit),
                "the text has \(length) characters, at most \(limit) are allowed")
        case .tooManyMedia(let count, let limit):
            RejectionForm(
                7, .invalid, "too_many_media", .sizes(count, limit),
                "\(count) media on one post, at most \(limit) are allowed")
        case .duplicateMedia(let media):
            RejectionForm(8, .invalid, "duplicate_media", .id(media.rawValue), "media \(media) is named twice")
        case .mediaEmpty: RejectionForm(9, .invalid, "media_empty", .none, "the file is empty")
        case .cannotFollowYourself:
            RejectionForm(10, .impossible, "cannot_follow_yourself", .none, "an account cannot follow itself")
        case .accountRequired:
            RejectionForm(
                11, .forbidden, "account_required", .none, "only an account can do this; the operator has none")
        case .notAuthor(let post):
            RejectionForm(12, .forbidden, "not_author", .id(post.rawValue), "post \(post) is another account's")
        case .mediaNotOwned(let media):
            RejectionForm(
                13, .forbidden, "media_not_owned", .id(media.rawValue), "media \(media) is another account's")
        case .unknownAccount(let account):
            RejectionForm(14, .notFound, "unknown_account", .id(account.rawValue), "there is no account \(account)")
        case .unknownPost(let post):
            RejectionForm(15, .notFound, "unknown_post", .id(post.rawValue), "there is no post \(post)")
        case .unknownMedia(let media):
            RejectionForm(16, .notFound, "unknown_media", .id(media.rawValue), "there is no media \(media)")
        case .unknownKey(let key):
            RejectionForm(
                17, .notFound, "unknown_key", .key(key), "there is no key with the hash \(key.hex.prefix(8))…")
        case .handleTaken(let handle):
            RejectionForm(24, .conflict, "handle_taken", .none, "the handle \(handle) is taken")
        case .keyInUse(let key):
            RejectionForm(
                19, .conflict, "key_in_use", .key(key),
                "the key with the hash \(key.hex.prefix(8))… is or was in use; make another")
        case .mediaAlreadyAttached(let media):
            RejectionForm(
                20, .conflict, "media_already_attached", .id(media.rawValue), "media \(media) is already on a post")
        case .handleHeld(let handle, let until):
            RejectionForm(
                25, .conflict, "handle_held", .time(until),
                "the handle \(handle) was given up not long ago; it is free for others from \(until) on")
        case .notYourAccount(let account):
            RejectionForm(
                22, .forbidden, "not_your_account", .id(account.rawValue),
                "account \(account) is another's; only itself or the operator can change it")
        case .tooManyPins(let count, let limit):
            RejectionForm(
                23, .conflict, "too_many_pins", .sizes(count, limit),
                "\(count) pinned posts, at most \(limit) are allowed; take a pin back first")
        }
    }

    /// What kind of reason it is.
    public var category: RejectionCategory { form.category }

    /// A word for programs to compare; it never changes.
    public var code: String { form.code }

    /// A sentence for people.
    public var message: String { form.message() }
}

extension Rejection: CustomStringConvertible {
    /// The sentence for people.
    public var description: String { message }
}

/// The kinds of reason for which a command is rejected.
public enum RejectionCategory: Hashable, Sendable, CaseIterable {
    /// A value is outside its bounds.
    case invalid
    /// No account could ever do this.
    case impossible
    /// Another account could do this, but the issuer cannot.
    case forbidden
    /// The command names something that does not exist.
    case notFound
    /// Something that happened earlier stands in the way.
    case conflict
}

/// The forms of a rejection for the log, for programs and for people.
struct RejectionForm {
    enum Values {
        case none
        case sizes(Int, Int)
        case scalar(Unicode.Scalar)
        case id(UInt64)
        case key(KeyHash)
        case time(Timestamp)
    }

    /// Begins the bytes and never changes; not 0.
    let number: UInt8
    let category: RejectionCategory
    let code: String
    let values: Values
    /// Made when it is asked for: most rejections are only stored.
    let message: () -> String

    init(
        _ number: UInt8, _ category: RejectionCategory, _ code: String, _ values: Values,
        _ message: @autoclosure @escaping () -> String
    ) {
        self.number = number
        self.category = category
        self.code = code
        self.values = values
        self.message = message
    }
}
