public import Microblog

/// An event with its envelope, as projectors see it.
public struct RecordedEvent: Sendable {
    /// Its place in the log, and the id of what it created.
    public let position: UInt64
    /// When, in milliseconds since 1970 UTC.
    public let time: Int64
    /// Who did it.
    public let issuer: Issuer
    /// What happened.
    public let event: Event

    /// Puts an event into its envelope.
    public init(position: UInt64, time: Int64, issuer: Issuer, event: Event) {
        self.position = position
        self.time = time
        self.issuer = issuer
        self.event = event
    }

    /// The account that did it; 0 stands for the operator.
    var account: AccountID { AccountID(issuer.rawValue) }
}

/// A gapless run of the log that is projected in one transaction, decoded once for all projectors.
public struct EventBatch: Sendable {
    /// The events, in order.
    public let events: [RecordedEvent]
    /// Names of the accounts that were registered in this batch, which no table holds yet.
    let names: [AccountID: [UInt8]]
    /// Files that were uploaded in this batch.
    let uploads: [MediaID: Attachment]
    /// Posts that are gone at the end of this batch.
    let deletedPosts: Set<PostID>

    /// Takes events in the order of the log; there must be at least one.
    public init(_ events: [RecordedEvent]) {
        precondition(!events.isEmpty, "a batch has at least one event")
        var names: [AccountID: [UInt8]] = [:]
        var uploads: [MediaID: Attachment] = [:]
        var deletedPosts: Set<PostID> = []
        for recorded in events {
            switch recorded.event {
            case .accountRegistered(_, let name, _, _):
                names[AccountID(recorded.position)] = Array(name.text.utf8)
            case .mediaUploaded(let content, let type, _):
                uploads[MediaID(recorded.position)] = Attachment(content: content, type: type)
            case .postDeleted(let post):
                deletedPosts.insert(post)
            default: break
            }
        }
        self.events = events
        self.names = names
        self.uploads = uploads
        self.deletedPosts = deletedPosts
    }

    /// The position before the first event: what every checkpoint must be at.
    public var start: UInt64 { events[0].position - 1 }
    /// The position of the last event.
    public var end: UInt64 { events[events.count - 1].position }
}
