internal import Projections

/// What a path names. An id is `nil` where the path has something that is none.
enum Resource {
    case tweets
    case tweet(UInt64?)
    case tweetLikes(UInt64?)
    case tweetReplies(UInt64?)
    case tweetMedia(UInt64?, UInt64?)
    case medias
    case users
    case me
    case user(UInt64?)
    case follow(UInt64?)
    case userTweets(UInt64?)
    case followers(UInt64?)
    case following(UInt64?)
    case accounts
    case projectors
    case replay
    case health
    case readiness
    case metrics
    case description
    case documentation
    /// A file of `/media`; none if the name has not the form of one.
    case media
    /// A path of the front end.
    case page
    /// Nothing, under `/api`, `/admin` or `/media`.
    case unknown

    /// The methods that make sense here, as an `Allow` header says it.
    var allowed: StaticString {
        switch self {
        case .tweets: "GET, HEAD, POST"
        case .tweet: "GET, HEAD, DELETE"
        case .tweetLikes: "GET, HEAD, POST, DELETE"
        case .follow: "POST, DELETE"
        case .tweetMedia: "PUT"
        case .medias, .accounts, .replay: "POST"
        default: "GET, HEAD"
        }
    }

    /// Whether a method makes sense here.
    func allows(_ method: RequestMethod) -> Bool {
        switch (method, self) {
        case (.get, .follow), (.head, .follow), (.get, .tweetMedia), (.head, .tweetMedia), (.get, .medias),
            (.head, .medias), (.get, .accounts), (.head, .accounts), (.get, .replay), (.head, .replay):
            false
        case (.get, _), (.head, _): true
        case (.post, .tweets), (.post, .tweetLikes), (.post, .follow), (.post, .medias), (.post, .accounts),
            (.post, .replay):
            true
        case (.delete, .tweet), (.delete, .tweetLikes), (.delete, .follow): true
        case (.put, .tweetMedia): true
        default: false
        }
    }

    /// Whether a caller must show a key.
    var needsKey: Bool {
        switch self {
        case .health, .readiness, .metrics, .description, .documentation, .media, .page, .unknown: false
        default: true
        }
    }

    /// Whether it is there to see what is wrong and to mend it: then also a key that was valid when the accounts stopped
    /// will do.
    var isForMending: Bool {
        switch self {
        case .projectors, .replay: true
        default: false
        }
    }

    /// The read models that answers from here need, beside the accounts that every key needs.
    var readModels: [ReadModel] {
        switch self {
        case .tweets, .tweet, .tweetLikes, .tweetReplies, .userTweets: [.posts, .likes, .follows]
        case .tweetMedia, .medias, .media: [.media, .posts]
        case .user, .me, .users: [.follows, .posts]
        case .follow, .followers, .following: [.follows]
        default: []
        }
    }
}
