internal import EventLog
public import Microblog
internal import Sealing

/// Tells which events concern an entity. Ask about each event in the order of the log, from ``start`` on.
///
/// * An account: its registration, changes of its name and handle, everything it did, keys issued to it and the
///   revoking of its keys, and who followed or unfollowed it.
/// * A post: its publication, media attached to it, its likes and pins and their taking back, its deletion.
/// * A file: its upload, its coming onto a post (published with it, or attached), and the deletion of that post.
/// * A handle, unless of accounts that were erased: who took it and who gave it up, and all that concerns an account while it has it.
/// * A key, a like, a follow, a name, the pins of an account: the events of the stream of that name.
struct EntityHistory {
    /// The first event that can concern the entity: the event that created it, if its name tells the position.
    let start: UInt64
    /// Whether an event has been found.
    private(set) var isFound = false
    private let entity: Stream
    private let ring: Keyring
    /// The account that the entity is, or that has the handle.
    private var account: AccountID?
    /// The account of each key. For a handle these are the keys of all accounts, because any account may take it next.
    private var keys: [KeyHash: AccountID] = [:]
    /// The post that a file is on.
    private var post: PostID?

    /// - Parameter ring: the keys of the log.
    init(of entity: Stream, openedBy ring: Keyring) {
        self.entity = entity
        self.ring = ring
        switch entity {
        case .handle, .key: start = 1
        case .account(let id):
            account = id
            start = id.rawValue
        case .name(let id), .pins(let id): start = id.rawValue
        case .post(let id): start = id.rawValue
        case .media(let id): start = id.rawValue
        case .like(let post, let account): start = max(post.rawValue, account.rawValue)
        case .follow(let follower, let followed): start = max(follower.rawValue, followed.rawValue)
        }
    }

    /// Whether an event concerns the entity.
    ///
    /// - Throws: ``NoSuchEntity`` when the event created something else than the name says; what decoding throws.
    mutating func includes(_ record: RecordView) throws -> Bool {
        // Only a handle is found by what somebody wrote.
        let event =
            if case .handle = entity { try Event(record, openedBy: ring) } else { try Event(withoutPersonal: record) }
        let isIncluded =
            switch entity {
            case .account: try isOfAccount(event, record)
            case .handle(let handle): try isOfHandle(handle, event, record)
            case .post(let id): try isOfPost(id, event, record)
            case .media(let id): try isOfMedia(id, event, record)
            case .key, .like, .follow, .name, .pins: isInStream(event, record)
            }
        if isIncluded { isFound = true }
        return isIncluded
    }

    private func isInStream(_ event: Event, _ record: RecordView) -> Bool {
        event.streams(at: record.position, by: Issuer(rawValue: record.actor)).contains(entity)
    }

    private mutating func isOfHandle(_ handle: Handle, _ event: Event, _ record: RecordView) throws -> Bool {
        switch event {
        case .accountRegistered(let registered) where registered.handle == handle: account = AccountID(record.position)
        case .accountChanged(let changed) where changed.handle == handle: account = changed.account
        case .accountChanged(let changed) where changed.previousHandle == handle:
            account = nil
            return true
        default: break
        }
        return try isOfAccount(event, record)
    }

    private mutating func isOfAccount(_ event: Event, _ record: RecordView) throws -> Bool {
        switch event {
        case .accountRegistered(let registered): learn(registered.key, of: AccountID(record.position))
        case .keyIssued(let issued): learn(issued.key, of: issued.account)
        default: break
        }
        guard let account else { return false }
        switch event {
        case .accountRegistered where record.position == account.rawValue: return true
        case .accountChanged(let changed) where changed.account == account: return true
        case .keyIssued(let issued) where issued.account == account: return true
        case .keyRevoked(let revoked) where keys[revoked.key] == account: return true
        case .accountFollowed(AccountFollowed(account)), .accountUnfollowed(AccountUnfollowed(account)): return true
        default:
            try require(record.position != account.rawValue, event)
            return record.actor == account.rawValue
        }
    }

    private mutating func learn(_ key: KeyHash?, of owner: AccountID) {
        let isOfHandle = if case .handle = entity { true } else { false }
        if let key, isOfHandle || owner == account { keys[key] = owner }
    }

    private func isOfPost(_ id: PostID, _ event: Event, _ record: RecordView) throws -> Bool {
        switch event {
        case .postPublished: return record.position == id.rawValue
        case .postDeleted(PostDeleted(id)), .postLiked(PostLiked(id)), .postUnliked(PostUnliked(id)): return true
        case .mediaAttached(let attached) where attached.post == id: return true
        case .postPinned(let pinned) where pinned.post == id: return true
        case .postUnpinned(let unpinned) where unpinned.post == id: return true
        default:
            try require(record.position != id.rawValue, event)
            return false
        }
    }

    private mutating func isOfMedia(_ id: MediaID, _ event: Event, _ record: RecordView) throws -> Bool {
        switch event {
        case .mediaUploaded: return record.position == id.rawValue
        case .postPublished(let published) where published.media.contains(id):
            post = PostID(record.position)
            return true
        case .mediaAttached(let attached) where attached.media == id:
            post = attached.post
            return true
        case .postDeleted(let deleted) where deleted.post == post: return true
        default:
            try require(record.position != id.rawValue, event)
            return false
        }
    }

    private func require(_ isPossible: Bool, _ event: Event) throws(NoSuchEntity) {
        guard isPossible else { throw NoSuchEntity(entity, "the event at that position is \(event.type.name)") }
    }
}

/// A history was asked for something that never existed.
public struct NoSuchEntity: Error, Sendable, CustomStringConvertible {
    /// What was asked for.
    public let entity: Stream
    private let reason: String

    init(_ entity: Stream, _ reason: String) {
        self.entity = entity
        self.reason = reason
    }

    /// One line for people.
    public var description: String { "there never was \(entity): \(reason)" }
}
