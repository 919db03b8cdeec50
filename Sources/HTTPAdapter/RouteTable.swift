extension Resource {
    /// Finds what a path names.
    init(_ path: UnsafeBufferPointer<UInt8>) {
        let parts = PathSegments(path)
        if parts.matches(0, "api") {
            self = Self.api(parts)
        } else if parts.matches(0, "media") {
            self = parts.count == 2 ? .media : .unknown
        } else if parts.matches(0, "admin") {
            self = parts.count == 2 ? Self.admin(parts) : .unknown
        } else if parts.count == 1 {
            self = Self.single(parts)
        } else {
            self = .page
        }
    }

    private static func single(_ parts: PathSegments) -> Resource {
        if parts.matches(0, "healthz") { return .health }
        if parts.matches(0, "readyz") { return .readiness }
        if parts.matches(0, "metrics") { return .metrics }
        if parts.matches(0, "openapi.json") { return .description }
        if parts.matches(0, "docs") { return .documentation }
        return .page
    }

    private static func api(_ parts: PathSegments) -> Resource {
        if parts.matches(1, "tweets") { return tweets(parts) }
        if parts.matches(1, "users") { return users(parts) }
        if parts.matches(1, "medias"), parts.count == 2 { return .medias }
        return .unknown
    }

    private static func admin(_ parts: PathSegments) -> Resource {
        if parts.matches(1, "accounts") { return .accounts }
        if parts.matches(1, "projectors") { return .projectors }
        if parts.matches(1, "replay") { return .replay }
        return .unknown
    }

    private static func tweets(_ parts: PathSegments) -> Resource {
        switch parts.count {
        case 2: return .tweets
        case 3: return .tweet(parts.id(2))
        case 4 where parts.matches(3, "likes"): return .tweetLikes(parts.id(2))
        case 4 where parts.matches(3, "replies"): return .tweetReplies(parts.id(2))
        case 5 where parts.matches(3, "medias"): return .tweetMedia(parts.id(2), parts.id(4))
        default: return .unknown
        }
    }

    private static func users(_ parts: PathSegments) -> Resource {
        switch parts.count {
        case 2: return .users
        case 3: return parts.matches(2, "me") ? .me : .user(parts.id(2))
        case 4 where parts.matches(3, "follow"): return .follow(parts.id(2))
        case 4 where parts.matches(3, "tweets"): return .userTweets(parts.id(2))
        case 4 where parts.matches(3, "followers"): return .followers(parts.id(2))
        case 4 where parts.matches(3, "following"): return .following(parts.id(2))
        default: return .unknown
        }
    }
}
