internal import Application
internal import Microblog
internal import Projections
internal import Threads

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

    /// Numbers for Prometheus, in its text format 0.0.4.
    func metrics() -> Response {
        let newest = martlet.newest
        let visible = position
        let http = counters.withLock { $0 }()
        var text = MetricsText()
        text.add("martlet_log_position", "gauge", "Position of the newest durable event.", newest.position)
        text.add("martlet_visible_position", "gauge", "Position that queries reflect.", visible)
        text.add(
            "martlet_projection_lag_events", "gauge", "Durable events that queries do not reflect yet.",
            newest.position - min(newest.position, visible))
        text.add("martlet_ready", "gauge", "1 when queries are answered.", martlet.isReady ? 1 : 0)
        text.add(
            "martlet_read_model_stopped", "gauge", "1 when a read model stands still.",
            ReadModel.allCases.map { ("model=\"\($0.name)\"", martlet.states.isStopped($0) ? 1 : 0) })
        text.add("martlet_http_connections_open", "gauge", "Connections open now.", http.connectionsOpen)
        text.add("martlet_http_connections_total", "counter", "Connections accepted.", http.connectionsAccepted)
        text.add("martlet_http_requests_total", "counter", "Requests whose header came in.", http.requests)
        text.add(
            "martlet_http_responses_total", "counter", "Answers by class of status.",
            [
                ("class=\"2xx\"", http.successes), ("class=\"3xx\"", http.redirections),
                ("class=\"4xx\"", http.clientErrors), ("class=\"5xx\"", http.serverErrors),
            ])
        text.add("martlet_http_body_bytes_total", "counter", "Bytes of answers' bodies.", http.bodyBytes)
        text.add(
            "martlet_http_deadline_closes_total", "counter", "Connections cut off for being slow.", http.deadlineCloses)
        var response = Response(
            status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8", body: text.finish())
        response.add("Martlet-Position", number: visible)
        return response
    }
}
