/// The configured deadlines in milliseconds.
struct DeadlineLimits {
    let header, idle, body, response: UInt64
    let minimumRate: UInt64

    init(_ deadlines: ServerConfiguration.Deadlines) {
        header = deadlines.header.milliseconds
        idle = deadlines.idle.milliseconds
        body = deadlines.body.milliseconds
        response = deadlines.response.milliseconds
        minimumRate = UInt64(max(0, deadlines.minimumRate))
    }

    /// How long a connection may stay in a phase; `nil` when there is no limit.
    func limit(_ phase: ConnectionPhase) -> UInt64? {
        switch phase {
        case .opening, .header: header
        case .idle: idle
        case .body: body
        case .response: response
        case .suspended, .ending: nil
        }
    }

    /// The bytes that a body or an answer must move to get another span.
    func requiredProgress(_ phase: ConnectionPhase) -> UInt64 {
        minimumRate * (limit(phase) ?? 0) / 1000
    }
}
