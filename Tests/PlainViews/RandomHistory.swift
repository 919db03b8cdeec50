public import Microblog
public import PlainMicroblog
public import Projections

/// What happens when random commands are decided one after another, in memory.
public struct RandomHistory: Facts {
    /// The events so far.
    public private(set) var events: [RecordedEvent] = []
    /// What the read models must say after them.
    public private(set) var views = PlainMicroblog()
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
            position: position, time: Self.time(at: position), issuer: issuer, event: event)
        for stream in event.streams(at: position, by: issuer) {
            heads[stream] = ((heads[stream]?.version ?? 0) + 1, event.type, position)
        }
        events.append(recorded)
        views.apply(recorded)
    }

    private mutating func step() {
        let (issuer, command) = commands.next(views)
        do throws(Rejection) {
            if let event = try decide(
                command, by: issuer, limits: Limits(mediaPerPost: 4, handleHold: 2_000), facts: &self)
            {
                append(event, by: issuer)
            }
        } catch {
            // Rejected commands are part of life, and leave no trace.
        }
    }

    public var time: Int64 { Self.time(at: UInt64(events.count + 1)) }

    public func newest(of stream: Stream) -> (event: Event, time: Int64)? {
        heads[stream].flatMap { event(at: $0.position) }
    }

    public func event(at position: UInt64) -> (event: Event, time: Int64)? {
        recorded(at: position).map { ($0.event, $0.time) }
    }

    public func lastEvent(of stream: Stream) -> EventType? { heads[stream]?.last }

    public func author(of post: PostID) -> AccountID? {
        guard case .postPublished? = recorded(at: post.rawValue)?.event else { return nil }
        return recorded(at: post.rawValue).map { AccountID($0.issuer.rawValue) }
    }

    public func owner(of media: MediaID) -> AccountID? {
        guard case .mediaUploaded? = recorded(at: media.rawValue)?.event else { return nil }
        return recorded(at: media.rawValue).map { AccountID($0.issuer.rawValue) }
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

    private func recorded(at position: UInt64) -> RecordedEvent? {
        1...UInt64(max(1, events.count)) ~= position && !events.isEmpty ? events[Int(position) - 1] : nil
    }

    private static func time(at position: UInt64) -> Int64 { 1_341_000_000_000 + Int64(position) * 250 }
}
