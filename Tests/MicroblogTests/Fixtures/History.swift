import Microblog

/// What has happened so far, in memory: the `given` of a test, and the facts that its `when` is decided upon.
struct History: Facts {
    private(set) var events: [(event: Event, issuer: Issuer, time: Int64)] = []
    /// The time of what happens next.
    var time: Int64 = 1_341_000_000_000
    private var heads: [Stream: (version: Int, last: EventType, position: UInt64)] = [:]

    /// Lets an event happen; answers its position.
    @discardableResult
    mutating func given(_ event: Event, by issuer: Issuer = .operator) -> UInt64 {
        let position = UInt64(events.count + 1)
        events.append((event, issuer, time))
        for stream in event.streams(at: position, by: issuer) {
            heads[stream] = ((heads[stream]?.version ?? 0) + 1, event.type, position)
        }
        return position
    }

    /// Puts what is left of an event in its place. The streams stay as they are.
    mutating func forget(at position: UInt64, _ event: Event) { events[Int(position) - 1].event = event }

    /// Decides a command upon what has happened.
    func when(
        _ issuer: Issuer, _ command: Command, limits: Limits = Limits()
    ) throws(Rejection) -> Event? {
        var facts = self
        return try decide(command, by: issuer, limits: limits, facts: &facts)
    }

    /// Decides a command of an account's upon what has happened.
    func when(_ account: AccountID, _ command: Command, limits: Limits = Limits()) throws(Rejection) -> Event? {
        try when(.account(account), command, limits: limits)
    }

    func lastEvent(of stream: Stream) -> EventType? {
        heads[stream]?.last
    }

    func newest(of stream: Stream) -> (event: Event, time: Int64)? {
        heads[stream].flatMap { event(at: $0.position) }
    }

    func event(at position: UInt64) -> (event: Event, time: Int64)? {
        happened(at: position).map { ($0.event, $0.time) }
    }

    func author(of post: PostID) -> AccountID? {
        guard case (.postPublished, .account(let author), _)? = happened(at: post.rawValue) else { return nil }
        return author
    }

    func owner(of media: MediaID) -> AccountID? {
        guard case (.mediaUploaded, .account(let owner), _)? = happened(at: media.rawValue) else { return nil }
        return owner
    }

    func post(holding media: MediaID) -> PostID? {
        guard let head = heads[.media(media)] else { return nil }
        switch events[Int(head.position) - 1].event {
        case .postPublished: return PostID(head.position)
        case .mediaAttached(let attached): return attached.post
        default: return nil
        }
    }

    func mediaCount(of post: PostID) -> Int {
        guard case (.postPublished(let published), _, _)? = happened(at: post.rawValue) else { return 0 }
        return published.media.count + heads[.post(post)]!.version - 1
    }

    private func happened(at position: UInt64) -> (event: Event, issuer: Issuer, time: Int64)? {
        guard 1...UInt64(events.count) ~= position else { return nil }
        return events[Int(position) - 1]
    }
}
