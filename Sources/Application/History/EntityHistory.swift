internal import EventLog
public import Microblog

/// Tells which events concern an entity. To be asked about each event in the order of the log, from ``start`` on.
///
/// * An account: its registration, everything it did, keys issued to it and the revoking of its keys, and who followed
///   or unfollowed it.
/// * A post: its publication, media attached to it, its likes and their taking back, its deletion.
/// * A file: its upload, its coming onto a post (published with it, or attached), and the deletion of that post.
/// * A handle: the account that has it.
/// * A key, a like, a follow: the events of the stream of that name.
struct EntityHistory {
    /// The first event that can concern the entity: its own, where its name tells which that is.
    let start: UInt64
    /// Whether an event has been found.
    private(set) var isFound = false
    private let entity: Stream
    private var account: AccountID?
    private var keys: Set<KeyHash> = []
    /// The post that a file is on.
    private var post: PostID?

    init(of entity: Stream) {
        self.entity = entity
        switch entity {
        case .handle, .key: start = 1
        case .account(let id):
            account = id
            start = id.rawValue
        case .post(let id): start = id.rawValue
        case .media(let id): start = id.rawValue
        case .like(let post, let account): start = max(post.rawValue, account.rawValue)
        case .follow(let follower, let followed): start = max(follower.rawValue, followed.rawValue)
        }
    }

    /// Whether an event concerns the entity.
    ///
    /// - Throws: ``NoSuchEntity`` when the event made something else than the name says, or what decoding throws.
    mutating func includes(_ record: RecordView) throws -> Bool {
        let event = try Event(record)
        let isIncluded =
            switch entity {
            case .account, .handle: try isOfAccount(event, record)
            case .post(let id): try isOfPost(id, event, record)
            case .media(let id): try isOfMedia(id, event, record)
            case .key, .like, .follow:
                event.streams(at: record.position, by: Issuer(rawValue: record.actor)).contains(entity)
            }
        if isIncluded { isFound = true }
        return isIncluded
    }

    private mutating func isOfAccount(_ event: Event, _ record: RecordView) throws -> Bool {
        if case .handle(let handle) = entity, account == nil {
            guard case .accountRegistered(handle, _, _, _) = event else { return false }
            account = AccountID(record.position)
        }
        guard let account else { return false }
        switch event {
        case .accountRegistered(_, _, _, let key) where record.position == account.rawValue:
            if let key { keys.insert(key) }
            return true
        case .keyIssued(account, let key):
            keys.insert(key)
            return true
        case .keyRevoked(let key) where keys.contains(key): return true
        case .accountFollowed(account), .accountUnfollowed(account): return true
        default:
            try require(record.position != account.rawValue, event)
            return record.actor == account.rawValue
        }
    }

    private func isOfPost(_ id: PostID, _ event: Event, _ record: RecordView) throws -> Bool {
        switch event {
        case .postPublished: return record.position == id.rawValue
        case .postDeleted(id), .postLiked(id), .postUnliked(id), .mediaAttached(_, to: id): return true
        default:
            try require(record.position != id.rawValue, event)
            return false
        }
    }

    private mutating func isOfMedia(_ id: MediaID, _ event: Event, _ record: RecordView) throws -> Bool {
        switch event {
        case .mediaUploaded: return record.position == id.rawValue
        case .postPublished(_, _, let media) where media.contains(id):
            post = PostID(record.position)
            return true
        case .mediaAttached(id, let post):
            self.post = post
            return true
        case .postDeleted(let deleted) where deleted == post: return true
        default:
            try require(record.position != id.rawValue, event)
            return false
        }
    }

    private func require(_ isPossible: Bool, _ event: Event) throws(NoSuchEntity) {
        guard isPossible else { throw NoSuchEntity(entity, "the event at that position is \(event.type.name)") }
    }
}

/// What a history was asked of never existed.
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
