/// The configured deadlines in milliseconds.
struct DeadlineLimits {
    private let header, idle, body, handler, response, linger: UInt64
    private let minimumRate: UInt64

    init(_ deadlines: ServerConfiguration.Deadlines, linger: Duration) {
        header = deadlines.header.milliseconds
        idle = deadlines.idle.milliseconds
        body = deadlines.body.milliseconds
        handler = deadlines.handler.milliseconds
        response = deadlines.response.milliseconds
        self.linger = linger.milliseconds
        minimumRate = UInt64(max(0, deadlines.minimumRate))
    }

    /// How long a connection may stay in a phase. Only what is closed may stay so for ever.
    func limit(_ phase: ConnectionPhase) -> UInt64 {
        switch phase {
        case .opening, .header, .discarding: header
        case .idle: idle
        case .body: body
        case .suspended: handler
        case .response: response
        case .lingering: linger
        case .closed: .max
        }
    }

    /// The bytes that a body or an answer must move to get another span, be it in the kernel's memory; `nil` in phases that
    /// get none.
    func requiredProgress(_ phase: ConnectionPhase) -> UInt64? {
        switch phase {
        case .body, .response, .lingering: max(1, minimumRate * limit(phase) / 1000)
        case .opening, .idle, .header, .discarding, .suspended, .closed: nil
        }
    }
}
