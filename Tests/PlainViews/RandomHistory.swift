public import Microblog
public import Projections

/// What happens when random commands are decided one after another, in memory.
public struct RandomHistory: Facts {
    /// The events so far.
    public private(set) var events: [RecordedEvent] = []
    /// What the read models must say after them.
    public private(set) var views = PlainViews()
    private var commands: RandomCommands
    private var heads: [Stream: (version: Int, last: EventType, position: UInt64)] = [:]

    /// Begins the history of a seed.
    public init(seed: UInt64) { commands = RandomCommands(seed: seed) }

    /// Goes on until there are so many events.
    public mutating func grow(to count: Int) {
        while events.count < count { step() }
    }

    /// Lets an event happen that nobody asked for.
    public mutating func append(_ event: Event, by issuer: Issuer) {
        let position = UInt64(events.count + 1)
        let recorded = RecordedEvent(
            position: position, time: 1_341_000_000_000 + Int64(position) * 250, issuer: issuer, event: event)
        for stream in event.streams(at: position, by: issuer) {
            heads[stream] = ((heads[stream]?.version ?? 0) + 1, event.type, position)
        }
        events.append(recorded)
        views.apply(recorded)
    }

    private mutating func step() {
        let (issuer, command) = commands.next(views)
        do throws(Rejection) {
            if let event = try decide(command, by: issuer, limits: Limits(mediaPerPost: 4), facts: &self) {
                append(event, by: issuer)
            }
        } catch {
            // Rejected commands are part of life, and leave no trace.
        }
    }

    public func lastEvent(of stream: Stream) -> EventType? { heads[stream]?.last }

    public func author(of post: PostID) -> AccountID? {
        guard case .postPublished? = event(at: post.rawValue)?.event else { return nil }
        return event(at: post.rawValue).map { AccountID($0.issuer.rawValue) }
    }

    public func owner(of media: MediaID) -> AccountID? {
        guard case .mediaUploaded? = event(at: media.rawValue)?.event else { return nil }
        return event(at: media.rawValue).map { AccountID($0.issuer.rawValue) }
    }

    public func post(holding media: MediaID) -> PostID? {
        guard let head = heads[.media(media)] else { return nil }
        switch events[Int(head.position) - 1].event {
        case .postPublished: return PostID(head.position)
        case .mediaAttached(let attached): return attached.post
        default: return nil
        }
    }

    public func mediaCount(of post: PostID) -> Int { views.posts[post]?.files.count ?? 0 }

    private func event(at position: UInt64) -> RecordedEvent? {
        1...UInt64(max(1, events.count)) ~= position && !events.isEmpty ? events[Int(position) - 1] : nil
    }
}
