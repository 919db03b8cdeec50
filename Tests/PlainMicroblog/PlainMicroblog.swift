public import Microblog

/// A microblog, kept in plain arrays, sets and dictionaries: slow and obviously right.
///
/// It knows events by what they mean, and nothing of streams, rows or bytes. Whatever makes, keeps or shows a history
/// is compared with it: the rules, the read models, the sample community, and the program as a whole.
public struct PlainMicroblog {
    public struct Account {
        public var handle: Handle
        public var name: DisplayName
        public var role: Role
        public var time: Int64
    }

    public struct Post {
        public var author: AccountID
        public var time: Int64
        public var text: String
        public var replyTo: PostID?
        public var files: [MediaID]
    }

    public struct File {
        public var owner: AccountID
        public var post: PostID?
        public var content: ContentHash
        public var type: MediaType
        public var size: UInt64
    }

    /// Someone who likes or follows, since an event.
    public struct Person: Equatable {
        public var position: UInt64
        public var account: AccountID
    }

    /// Who has a handle, or who gave it up when.
    public enum Holder {
        case has(AccountID)
        case had(AccountID, until: Int64)
    }

    public private(set) var position: UInt64 = 0
    public private(set) var accounts: [AccountID: Account] = [:]
    /// How often a name or handle was changed.
    public private(set) var accountChanges = 0
    public private(set) var handles: [Handle: Holder] = [:]
    public private(set) var keys: [KeyHash: AccountID] = [:]
    public private(set) var posts: [PostID: Post] = [:]
    public private(set) var files: [MediaID: File] = [:]
    /// Oldest first, as are the next two.
    public private(set) var likes: [PostID: [Person]] = [:]
    public private(set) var followers: [AccountID: [Person]] = [:]
    public private(set) var following: [AccountID: [Person]] = [:]
    /// Newest first; a post that is gone leaves with the next change of the list.
    public private(set) var pins: [AccountID: [PostID]] = [:]
    public private(set) var goneKeys: Set<KeyHash> = []
    public private(set) var gonePosts: Set<PostID> = []
    public private(set) var goneFiles: Set<MediaID> = []
    public private(set) var contents: Set<ContentHash> = []

    /// Nothing has happened.
    public init() {}

    /// Takes in what happened next.
    ///
    /// - Parameters:
    ///   - position: its place, and the id of what it makes.
    ///   - time: milliseconds since 1970 UTC.
    public mutating func apply(_ event: Event, by issuer: Issuer, at position: UInt64, time: Int64) {
        self.position = position
        let actor = AccountID(issuer.rawValue)
        let someone = Person(position: position, account: actor)
        switch event {
        case .accountRegistered(let event):
            let id = AccountID(position)
            accounts[id] = Account(handle: event.handle, name: event.name, role: event.role, time: time)
            handles[event.handle] = .has(id)
            if let key = event.key { keys[key] = id }
        case .accountChanged(let event):
            if let old = accounts[event.account]?.handle { handles[old] = .had(event.account, until: time) }
            handles[event.handle] = .has(event.account)
            accounts[event.account]?.name = event.name
            accounts[event.account]?.handle = event.handle
            accountChanges += 1
        case .keyIssued(let event): keys[event.key] = event.account
        case .keyRevoked(let event):
            keys[event.key] = nil
            goneKeys.insert(event.key)
        case .postPublished(let event):
            posts[PostID(position)] = Post(
                author: actor, time: time, text: event.text, replyTo: event.replyTo, files: [])
            for id in event.media { attach(id, PostID(position)) }
        case .postDeleted(let event):
            posts[event.post] = nil
            likes[event.post] = nil
            gonePosts.insert(event.post)
            for (id, file) in files where file.post == event.post {
                files[id] = nil
                goneFiles.insert(id)
            }
        case .postLiked(let event): likes[event.post, default: []].append(someone)
        case .postUnliked(let event): likes[event.post]?.removeAll { $0.account == actor }
        case .accountFollowed(let event):
            followers[event.account, default: []].append(someone)
            following[actor, default: []].append(Person(position: position, account: event.account))
        case .accountUnfollowed(let event):
            followers[event.account]?.removeAll { $0.account == actor }
            following[actor]?.removeAll { $0.account == event.account }
        case .mediaUploaded(let event):
            contents.insert(event.content)
            files[MediaID(position)] = File(
                owner: actor, post: nil, content: event.content, type: event.type, size: event.size)
        case .mediaAttached(let event): attach(event.media, event.post)
        case .postPinned(let event): pins[actor] = [event.post] + pins[actor, default: []].filter { posts[$0] != nil }
        case .postUnpinned(let event):
            pins[actor] = pins[actor, default: []].filter { posts[$0] != nil && $0 != event.post }
        }
    }

    private mutating func attach(_ media: MediaID, _ post: PostID) {
        guard files[media] != nil else { return }
        files[media]?.post = post
        posts[post]?.files.append(media)
    }
}
