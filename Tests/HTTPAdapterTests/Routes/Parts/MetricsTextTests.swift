import ContractChecks
import HTTPServer
import Projections
import Testing

@testable import HTTPAdapter

@Suite struct MetricsTextTests {
    @Test func `A metric is its help, its type and a line for each value`() {
        var text = MetricsText()
        text.add("one", "gauge", "The first.", 18_446_744_073_709_551_615)
        text.add("two_total", "counter", "The second.", [("class=\"a\"", 1), ("class=\"b\"", 0)])
        text.add("three_seconds", "gauge", "The third.", decimals: [("", 0.25), ("class=\"c\"", 3)])
        let written = text.finish()
        let expected = """
            # HELP one The first.
            # TYPE one gauge
            one 18446744073709551615
            # HELP two_total The second.
            # TYPE two_total counter
            two_total{class="a"} 1
            two_total{class="b"} 0
            # HELP three_seconds The third.
            # TYPE three_seconds gauge
            three_seconds 0.25
            three_seconds{class="c"} 3.0

            """
        #expect(String(decoding: written.bytes, as: UTF8.self) == expected)
    }

    @Test(arguments: Transport.allCases)
    func `A server's metrics are whole, and count what it did`(transport: Transport) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            try ann.tweet("x")
            #expect(try ann.get("/api/none").status == 404)
            let answer = try live.stranger.get("/metrics")
            #expect(answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
            var values: [String: Double] = [:]
            var described: Set<Substring> = []
            for line in answer.text.split(separator: "\n") {
                let words = line.split(separator: " ")
                if words[0] == "#" {
                    #expect(["HELP", "TYPE"].contains(words[1]))
                    if words[1] == "TYPE" { described.insert(words[2]) }
                } else {
                    let form = /[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [0-9]+(\.[0-9]+)?/
                    #expect(line.wholeMatch(of: form) != nil, "\(line)")
                    #expect(described.contains(words[0].prefix { $0 != "{" }), "\(line)")
                    values[String(words[0])] = Double(words[1])
                }
            }
            #expect(answer.text.hasSuffix("\n"))
            #expect(values["martlet_log_position"] == 2)
            #expect(values["martlet_visible_position"] == 2)
            #expect(values["martlet_ready"] == 1)
            #expect(values["martlet_projection_lag_events"] == 0)
            #expect(values["martlet_log_unapplied_events"] ?? 9 <= 2)
            #expect(values["martlet_log_unapplied_bytes"] != nil)
            #expect(1...2 ~= values["martlet_journal_frames_total"] ?? 0)
            #expect(values["martlet_journal_epochs_total"] == 1)
            #expect(1...2 ~= values["martlet_journal_syncs_total"] ?? 0)
            #expect(values["martlet_journal_sync_seconds_total"] ?? 0 > 0)
            for model in ReadModel.allCases.map(\.name) {
                #expect(values["martlet_read_model_position{model=\"\(model)\"}"] == 2)
                #expect(values["martlet_read_model_lag_events{model=\"\(model)\"}"] == 0)
                #expect(values["martlet_read_model_lag_seconds{model=\"\(model)\"}"] == 0)
                #expect(values["martlet_read_model_events_per_second{model=\"\(model)\"}"] != nil)
                #expect(values["martlet_read_model_state{model=\"\(model)\",state=\"live\"}"] == 1)
                #expect(values["martlet_read_model_state{model=\"\(model)\",state=\"stopped\"}"] == 0)
            }
            #expect(values["martlet_rebuild_state{state=\"none\"}"] == 1)
            #expect(values["martlet_rebuild_progress_ratio"] == 0)
            #expect(values["martlet_http_responses_total{class=\"4xx\"}"] == 1)
            #expect(values["martlet_http_responses_total{class=\"2xx\"}"] == 1)
            #expect(values["martlet_http_connections_open"] == (transport == .socket ? 2 : 1))
        }
    }
}
