/// What has happened so far: everything that a rule may ask.
///
/// All answers come from the heads of streams and from the events that created entities. They are read in the
/// transaction that will write the new event. Nothing can change between the question and the write, so no rule has a
/// race. The functions are `mutating` so that an implementation can remember a read that failed. After that its answers
/// mean nothing, and the caller of ``decide(_:by:limits:facts:)`` drops the decision.
public protocol Facts: ~Copyable {
    /// The time that the event will have, in milliseconds since 1970 UTC: never less than the time of any earlier
    /// event.
    var time: Int64 { get }

    /// The type of the newest event of a stream; `nil` if the stream has none.
    mutating func lastEvent(of stream: Stream) -> EventType?

    /// The newest event of a stream, and its time; `nil` if the stream has none.
    mutating func newest(of stream: Stream) -> (event: Event, time: Int64)?

    /// The event at a position of the log, and its time; `nil` if there is no such event.
    mutating func event(at position: UInt64) -> (event: Event, time: Int64)?

    /// The actor of the event that published a post; `nil` if there is no such post or no account published it.
    mutating func author(of post: PostID) -> AccountID?

    /// The actor of the event that uploaded a file; `nil` if there is no such file or no account uploaded it.
    mutating func owner(of media: MediaID) -> AccountID?

    /// The post that a file was put on, even if that post was deleted since; `nil` if the file is not on a post.
    mutating func post(holding media: MediaID) -> PostID?

    /// How many media a post has that is not deleted. These are the media in its `postPublished`, and one for each
    /// later event of its stream (until the post is deleted, these are all `mediaAttached`).
    mutating func mediaCount(of post: PostID) -> Int
}

extension Facts where Self: ~Copyable {
    /// - Throws: `unknownAccount` if the issuer is an account that does not exist.
    mutating func requireKnown(_ issuer: Issuer) throws(Rejection) {
        if case .account(let account) = issuer { try requireAccount(account) }
    }

    /// - Throws: `accountRequired` for the operator, `unknownAccount` if the account does not exist.
    mutating func requireAccount(behind issuer: Issuer) throws(Rejection) -> AccountID {
        guard case .account(let account) = issuer else { throw .accountRequired }
        try requireAccount(account)
        return account
    }

    /// - Throws: `unknownAccount` if the account does not exist.
    mutating func requireAccount(_ account: AccountID) throws(Rejection) {
        guard lastEvent(of: .account(account)) != nil else { throw .unknownAccount(account) }
    }
}
