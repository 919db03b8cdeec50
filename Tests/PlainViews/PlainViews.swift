public import Microblog
public import Projections

/// What the read models say, kept in plain arrays, sets and dictionaries: slow and obviously right.
public struct PlainViews {
    public struct Account {
        public var handle: Handle
        public var name: String
        public var role: Role
        public var time: Int64
    }

    public struct Post {
        public var author: AccountID
        public var time: Int64
        public var text: String
        public var replyTo: PostID?
        public var files: [Attachment]
    }

    public struct File {
        public var owner: AccountID
        public var post: PostID?
        public var file: Attachment
        public var size: UInt64
    }

    /// Someone who likes or follows, since an event.
    public struct Person: Equatable {
        public var position: UInt64
        public var account: AccountID
    }

    public private(set) var position: UInt64 = 0
    public private(set) var accounts: [AccountID: Account] = [:]
    public private(set) var keys: [KeyHash: AccountID] = [:]
    public private(set) var posts: [PostID: Post] = [:]
    public private(set) var files: [MediaID: File] = [:]
    /// Oldest first, as are the next two.
    public private(set) var likes: [PostID: [Person]] = [:]
    public private(set) var followers: [AccountID: [Person]] = [:]
    public private(set) var following: [AccountID: [Person]] = [:]
    public private(set) var goneKeys: Set<KeyHash> = []
    public private(set) var gonePosts: Set<PostID> = []
    public private(set) var goneFiles: Set<MediaID> = []
    public private(set) var contents: Set<ContentHash> = []

    /// Nothing has happened.
    public init() {}

    /// Takes in what happened next.
    public mutating func apply(_ recorded: RecordedEvent) {
        position = recorded.position
        let actor = AccountID(recorded.issuer.rawValue)
        let someone = Person(position: recorded.position, account: actor)
        switch recorded.event {
        case .accountRegistered(let handle, let name, let role, let key):
            let id = AccountID(recorded.position)
            accounts[id] = Account(handle: handle, name: name.text, role: role, time: recorded.time)
            if let key { keys[key] = id }
        case .keyIssued(let account, let key): keys[key] = account
        case .keyRevoked(let key):
            keys[key] = nil
            goneKeys.insert(key)
        case .postPublished(let text, let replyTo, let media):
            posts[PostID(recorded.position)] = Post(
                author: actor, time: recorded.time, text: text, replyTo: replyTo, files: [])
            for id in media { attach(id, PostID(recorded.position)) }
        case .postDeleted(let post):
            posts[post] = nil
            likes[post] = nil
            gonePosts.insert(post)
            for (id, file) in files where file.post == post {
                files[id] = nil
                goneFiles.insert(id)
            }
        case .postLiked(let post): likes[post, default: []].append(someone)
        case .postUnliked(let post): likes[post]?.removeAll { $0.account == actor }
        case .accountFollowed(let account):
            followers[account, default: []].append(someone)
            following[actor, default: []].append(Person(position: recorded.position, account: account))
        case .accountUnfollowed(let account):
            followers[account]?.removeAll { $0.account == actor }
            following[actor]?.removeAll { $0.account == account }
        case .mediaUploaded(let content, let type, let size):
            contents.insert(content)
            files[MediaID(recorded.position)] = File(
                owner: actor, post: nil, file: Attachment(content: content, type: type), size: size)
        case .mediaAttached(let media, let post): attach(media, post)
        }
    }

    private mutating func attach(_ media: MediaID, _ post: PostID) {
        files[media]?.post = post
        if let file = files[media]?.file { posts[post]?.files.append(file) }
    }
}
