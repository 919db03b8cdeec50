internal import EventLog
internal import Microblog

/// The facts that rules ask for, read in the writer's own transaction.
struct LogFacts: Facts {
    private let context: any DecisionContext
    private let names: StreamNames
    private var name: [UInt8] = []
    /// Why a question could not be answered. The decision must be dropped then.
    private(set) var problem: String?
    /// The streams whose heads were looked at, with how many events each had. They are few, so a list is enough.
    private var reads: [(stream: Stream, version: Version)] = []

    /// - Parameter names: of the log that is written.
    init(_ context: any DecisionContext, _ names: StreamNames) {
        self.context = context
        self.names = names
    }

    var time: Int64 { context.time }

    mutating func lastEvent(of stream: Stream) -> EventType? {
        guard let head = head(of: stream) else { return nil }
        let type = EventType(code: head.type)
        if type == nil {
            // "No event" would be wrong: it would allow a handle to be registered twice.
            problem = "event \(head.position) has type \(head.type), which a newer martlet wrote; use that one"
        }
        return type
    }

    mutating func newest(of stream: Stream) -> (event: Event, time: Int64)? {
        head(of: stream).flatMap { event(at: $0.position) }
    }

    mutating func event(at position: UInt64) -> (event: Event, time: Int64)? {
        var problem: (any Error)?
        let found: (Event, Int64)? = context.withRecord(at: position) { record in
            do {
                return (try Event(record, openedBy: names.keys), record.time)
            } catch {
                problem = error
                return nil
            }
        }
        if let problem { self.problem = "event \(position) cannot be read: \(problem)" }
        return found
    }

    func author(of post: PostID) -> AccountID? { actor(of: PostPublished.type, at: post.rawValue) }

    func owner(of media: MediaID) -> AccountID? { actor(of: MediaUploaded.type, at: media.rawValue) }

    mutating func post(holding media: MediaID) -> PostID? {
        guard let head = head(of: .media(media)) else { return nil }
        switch head.type {
        case PostPublished.type.code: return PostID(head.position)
        case MediaAttached.type.code:
            return context.withRecord(at: head.position) { record in
                guard case .mediaAttached(let attached)? = try? Event(withoutPersonal: record) else { return nil }
                return attached.post
            }
        default: return nil
        }
    }

    mutating func mediaCount(of post: PostID) -> Int {
        let published: Int? = context.withRecord(at: post.rawValue) { record in
            guard case .postPublished(let published)? = try? Event(withoutPersonal: record) else { return nil }
            return published.media.count
        }
        if published == nil { problem = "event \(post) cannot be read as the post that it is; use a newer martlet" }
        // The stream begins with the publication. While the post exists, every later event attached one more file.
        return (published ?? 0) + Int(head(of: .post(post)).map { $0.version - 1 } ?? 0)
    }

    private mutating func head(of stream: Stream) -> StreamHead? {
        name.removeAll(keepingCapacity: true)
        name.reserveCapacity(StreamNames.usualLength)
        names.append(stream, to: &name)
        let head = context.head(of: StreamName(name))
        reads.append((stream, head?.version ?? 0))
        return head
    }

    /// How many events a stream had when a rule asked for its head; `nil` when no rule asked.
    func version(read stream: Stream) -> Version? { reads.first { $0.stream == stream }?.version }

    private func actor(of type: EventType, at position: UInt64) -> AccountID? {
        context.withRecord(at: position) { record in
            record.type == type.code && record.actor != 0 ? AccountID(record.actor) : nil
        }
    }
}
