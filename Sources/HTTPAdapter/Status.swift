internal import Application
internal import HTTPServer
internal import Microblog
internal import Projections
internal import Threads

/// The state of the server, for machines.
enum Status {
    static let routes = [
        Route(.get, "/healthz", .open { $0.exchange.respond($0.service.json(200, "{\"result\":true}")) }),
        Route(.get, "/readyz", .open(readiness)),
        Route(.get, "/metrics", .open { $0.exchange.respond($0.service.metrics()) }),
    ]

    /// Tells whether the server can answer queries, and if not, why.
    private static func readiness(_ call: Call) throws(APIError) {
        let (service, martlet) = (call.service, call.service.martlet)
        let stopped = martlet.stopped.map(\.description)
        guard stopped.isEmpty else { throw .unavailable(stopped.joined(separator: "; ")) }
        guard martlet.isCaughtUp else {
            throw .unavailable("the read models are at position \(service.position) of \(martlet.positionAtStart)")
        }
        call.exchange.respond(service.json(200, "{\"result\":true}"))
    }
}

/// `GET /metrics`: numbers for Prometheus, in its text format 0.0.4.
extension Service {
    func metrics() -> Response {
        let visible = position
        var text = MetricsText()
        addLog(to: &text, visible: visible)
        if let status = martlet.logStatus { add(status, to: &text) }
        addReadModels(to: &text)
        addRebuild(to: &text)
        addFeeds(to: &text)
        addConnections(to: &text)
        var response = Response(
            status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8", body: text.finish())
        response.add("X-Content-Type-Options", "nosniff")
        response.add("Cache-Control", "no-store")
        response.add("Martlet-Position", number: visible)
        return response
    }

    private func addLog(to text: inout MetricsText, visible: UInt64) {
        let newest = martlet.newest
        text.add("martlet_log_position", "gauge", "Position of the newest durable event.", newest.position)
        text.add("martlet_visible_position", "gauge", "Position that queries reflect.", visible)
        text.add(
            "martlet_projection_lag_events", "gauge", "Durable events that queries do not reflect yet.",
            newest.position - min(newest.position, visible))
        text.add("martlet_ready", "gauge", "1 when queries are answered.", martlet.isReady ? 1 : 0)
    }

    private func add(_ log: LogStatus, to text: inout MetricsText) {
        text.add(
            "martlet_log_unapplied_events", "gauge", "Durable events that the tables of the log do not have yet.",
            UInt64(log.unappliedEvents))
        text.add(
            "martlet_log_unapplied_bytes", "gauge", "Bytes of their frames in the journal.",
            UInt64(log.unappliedBytes))
        text.add("martlet_journal_frames_total", "counter", "Frames that became durable.", log.frames)
        text.add(
            "martlet_journal_epochs_total", "counter",
            "Epochs begun: one at the start, and one after each failed write or sync.", log.epochs)
        text.add("martlet_journal_syncs_total", "counter", "Times that frames were written and synced.", log.syncs)
        text.add(
            "martlet_journal_sync_seconds_total", "counter", "Time that frames took to be written and synced.",
            decimals: [("", log.syncTime / .seconds(1))])
    }

    private func addReadModels(to text: inout MetricsText) {
        let projectors = martlet.projectors
        func label(_ projector: ProjectorStatus) -> String { "model=\"\(projector.model.name)\"" }
        text.add(
            "martlet_read_model_stopped", "gauge", "1 when a read model stands still.",
            projectors.map { (label($0), martlet.stopped($0.model) != nil ? 1 : 0) })
        text.add(
            "martlet_read_model_position", "gauge", "Position that a read model reflects.",
            projectors.map { (label($0), $0.position) })
        text.add(
            "martlet_read_model_lag_events", "gauge", "Durable events that a read model does not reflect yet.",
            projectors.map { (label($0), $0.lagEvents) })
        text.add(
            "martlet_read_model_lag_seconds", "gauge", "Age of the oldest event that is not reflected yet.",
            decimals: projectors.map { (label($0), $0.lag / .seconds(1)) })
        text.add(
            "martlet_read_model_events_per_second", "gauge", "Events that a read model took in a second, of late.",
            decimals: projectors.map { (label($0), $0.rate) })
        text.add(
            "martlet_read_model_state", "gauge", "1 for the state that a read model is in.",
            projectors.flatMap { projector in
                ProjectorStatus.State.names.map { name in
                    ("\(label(projector)),state=\"\(name)\"", name == projector.state.name ? 1 : 0)
                }
            })
    }

    private func addRebuild(to text: inout MetricsText) {
        let rebuild = martlet.rebuildStatus
        let (part, duration, swap): (Double, Duration, Duration) =
            switch rebuild {
            case .none, .failed: (0, .zero, .zero)
            case .running(_, let progress): (progress.part, progress.duration, .zero)
            case .done(_, let report, let swap): (1, report.duration, swap)
            }
        text.add(
            "martlet_rebuild_state", "gauge", "1 for what has become of the last rebuild of the read models.",
            RebuildStatus.names.map { ("state=\"\($0)\"", $0 == rebuild.name ? 1 : 0) })
        text.add(
            "martlet_rebuild_progress_ratio", "gauge", "Part of the rebuild that is done, from 0 to 1.",
            decimals: [("", part)])
        text.add(
            "martlet_rebuild_duration_seconds", "gauge", "Time that the rebuild has taken so far, or took.",
            decimals: [("", duration / .seconds(1))])
        text.add(
            "martlet_rebuild_swap_seconds", "gauge", "Time for which the last change of generations held writes up.",
            decimals: [("", swap / .seconds(1))])
    }

    private func addFeeds(to text: inout MetricsText) {
        text.add(
            "martlet_feed_pages_total", "counter",
            "First pages of newest feeds for who follows many, by where they were found.",
            FeedSource.allCases.map { ("source=\"\($0)\"", feeds.pages($0)) })
        text.add(
            "martlet_feed_cache_readers", "gauge", "Readers of whom is remembered what they saw.", UInt64(feeds.count))
        text.add("martlet_feed_cache_bytes", "gauge", "Memory for that.", UInt64(feeds.byteCount))
    }

    private func addConnections(to text: inout MetricsText) {
        let http = counters.withLock { $0 }()
        text.add("martlet_http_connections_open", "gauge", "Connections open now.", http.connectionsOpen)
        text.add("martlet_http_connections_total", "counter", "Connections accepted.", http.connectionsAccepted)
        text.add(
            "martlet_http_long_requests", "gauge", "Numbered pages far down a feed that are being looked for.",
            UInt64(longRequests.count))
        text.add("martlet_http_requests_total", "counter", "Requests whose header came in.", http.requests)
        text.add(
            "martlet_http_responses_total", "counter", "Answers by class of status.",
            [
                ("class=\"2xx\"", http.successes), ("class=\"3xx\"", http.redirections),
                ("class=\"4xx\"", http.clientErrors), ("class=\"5xx\"", http.serverErrors),
            ])
        text.add("martlet_http_body_bytes_total", "counter", "Bytes of answers' bodies.", http.bodyBytes)
        text.add(
            "martlet_http_deadlines_missed_total", "counter", "Connections cut off for being slow, by what was slow.",
            [
                ("what=\"header\"", http.slowHeads), ("what=\"body\"", http.slowBodies),
                ("what=\"handler\"", http.slowHandlers), ("what=\"reader\"", http.slowReaders),
            ])
        text.add(
            "martlet_http_waiting_bytes", "gauge", "Bytes of answers that wait in memory for their readers.",
            http.waitingBytes)
        text.add(
            "martlet_http_budget_closes_total", "counter",
            "Connections cut off because the memory for answers was full, and their readers took least.",
            http.budgetCloses)
        text.add(
            "martlet_http_evictions_total", "counter",
            "Connections without a request that were closed to make room for new ones.", http.evictions)
        text.add(
            "martlet_http_accept_pauses_total", "counter",
            "Times that no connection was accepted for a while, because all places were taken.", http.acceptPauses)
        text.add(
            "martlet_http_limited_total", "counter", "Requests that met a limit.",
            Limit.allCases.map { ("limit=\"\($0.label)\"", limits[$0]) })
    }
}

/// Writes metrics in Prometheus' text format.
struct MetricsText: ~Copyable {
    private var buffer = ResponseBuffer(capacity: 8192)

    mutating func add(_ name: StaticString, _ type: StaticString, _ help: StaticString, _ value: UInt64) {
        add(name, type, help, [("", value)])
    }

    mutating func add(_ name: StaticString, _ type: StaticString, _ help: StaticString, _ values: [(String, UInt64)]) {
        begin(name, type, help)
        for (labels, value) in values {
            append(name, labels)
            buffer.append(decimal: value)
            buffer.append("\n")
        }
    }

    /// Adds numbers that need not be whole.
    mutating func add(
        _ name: StaticString, _ type: StaticString, _ help: StaticString, decimals: [(String, Double)]
    ) {
        begin(name, type, help)
        for (labels, value) in decimals {
            append(name, labels)
            buffer.append(text: "\((value * 1_000_000).rounded() / 1_000_000)")
            buffer.append("\n")
        }
    }

    consuming func finish() -> ResponseBuffer { buffer }

    private mutating func begin(_ name: StaticString, _ type: StaticString, _ help: StaticString) {
        buffer.append(text: "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n")
    }

    private mutating func append(_ name: StaticString, _ labels: String) {
        buffer.append(text: labels.isEmpty ? "\(name) " : "\(name){\(labels)} ")
    }
}
