internal import Application
internal import Projections

extension Service {
    /// Whether the server can do its work, and what is in the way.
    func readiness() -> Response {
        let stopped = martlet.states.all.map(\.description)
        guard stopped.isEmpty else { return error(.unavailable(stopped.joined(separator: "; "))) }
        guard martlet.isCaughtUp else {
            return error(
                .unavailable("the read models are at position \(position) of \(martlet.positionAtStart)"))
        }
        return json(200, "{\"result\":true}")
    }
}
