/// What a connection is doing, as far as deadlines care.
enum ConnectionPhase: Int, CaseIterable {
    /// Accepted, and no request line yet.
    case opening
    /// A request line is in, its header is not.
    case header
    /// Between an answer and the next request line.
    case idle
    case body
    /// Waits for its command. There is no deadline here, because the handler has one.
    case suspended
    /// An answer is being sent.
    case response
    /// Cut off: the library is about to close it.
    case ending
}
