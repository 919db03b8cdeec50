/// What a connection is doing. Each phase has a deadline, and so a way out that needs no client.
enum ConnectionPhase: Int, CaseIterable {
    /// Accepted, and nothing came in yet. Out of time, or in need of room: closed.
    case opening
    /// Between an answer and the next request. Out of time, or in need of room: closed.
    case idle
    /// A head comes in. Out of time, or in need of room: 408, closed.
    case header
    /// A body comes in. Out of time, and slower than the minimum: 408, closed.
    case body
    /// A body comes in that nobody wants. Out of time, or in need of room: answered if the answer is known, else 408,
    /// closed.
    case discarding
    /// A handler has it and answers later, from another thread. Out of time: 503, closed.
    case suspended
    /// An answer is being written. Out of time, and read slower than the minimum: cut off.
    case response
    /// Answered and shut down for writing: what still comes in is thrown away, so that the client can read the answer.
    /// Out of time: closed.
    case lingering
    /// Closed. It is in no list, and its descriptor is not its own any more.
    case closed

    /// Whether the client is to send something now.
    var takesInput: Bool {
        switch self {
        case .opening, .idle, .header, .body, .discarding, .lingering: true
        case .suspended, .response, .closed: false
        }
    }

    /// The phases in which a connection may be closed for a new one, what matters least first.
    static let fromLeastMissed: [ConnectionPhase] = [
        .idle, .lingering, .opening, .discarding, .header, .suspended, .response,
    ]

    /// How many milliseconds a connection may be in this phase before it may be closed for a new one, when all places are
    /// taken; `nil` for never. Whoever has shown nothing that deserves a place gives it up.
    var leastStay: UInt64? {
        switch self {
        case .idle: 0
        case .lingering: 500
        case .opening, .header, .discarding: 1000
        // Only one whose client has hung up, and only one who reads slower than the minimum.
        case .suspended: 1000
        case .response: 10_000
        case .body, .closed: nil
        }
    }
}
