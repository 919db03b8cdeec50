/// What a connection is doing. Each phase has a deadline, and so a way out that needs no client.
enum ConnectionPhase: Int, CaseIterable {
    /// Accepted, and nothing came in yet. Out of time: closed.
    case opening
    /// Between an answer and the next request. Out of time, or in need of room: closed.
    case idle
    /// A head comes in. Out of time: 408, closed.
    case header
    /// A body comes in. Out of time, and slower than the minimum: 408, closed.
    case body
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
        case .opening, .idle, .header, .body, .lingering: true
        case .suspended, .response, .closed: false
        }
    }
}
