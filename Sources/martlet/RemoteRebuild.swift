import HTTPClient
import JSON

/// The rebuild of a server's read models, begun and watched over HTTP: `POST /admin/replay`, `GET /admin/projectors`.
struct RemoteRebuild {
    /// What the server says of it.
    enum Status {
        case running(start: String, events: Int, part: Double)
        case done(start: String, Report)
        case failed(start: String, reason: String)
        /// The server does not know of any.
        case unknown
    }

    /// What a finished rebuild did.
    struct Report {
        let events: Int
        let seconds: Double
        let eventsPerSecond: Double
        let swapMilliseconds: Double
    }

    private let client: HTTPClient
    private let server: ServerAddress

    init(_ server: ServerAddress, key: String) {
        self.server = server
        client = HTTPClient(server, key: key, agent: "martlet/\(MartletProgram.version)")
    }

    /// Has the server begin.
    ///
    /// - Returns: when it began, which tells this rebuild from others.
    func begin() throws -> String {
        let answer = try client.send(.post, "/admin/replay")
        guard answer.status == 202 else { throw refusal(answer) }
        switch try status(answer) {
        case .running(let start, _, _), .done(let start, _), .failed(let start, _): return start
        case .unknown: throw strange(answer)
        }
    }

    /// Asks how it stands; `nil` if the server has no time to say.
    func look() throws -> Status? {
        let answer = try client.send(.get, "/admin/projectors")
        switch answer.status {
        case 200: return try status(answer)
        case 429, 503: return nil
        default: throw refusal(answer)
        }
    }

    private func status(_ answer: HTTPAnswer) throws -> Status {
        do {
            let object = try JSONObject(parsing: answer.body)
            guard let rebuild = try object.object("rebuild") else { throw strange(answer) }
            return try Status(rebuild)
        } catch is JSONError {
            throw strange(answer)
        } catch is JSONFieldError {
            throw strange(answer)
        }
    }

    /// What an answer that says no means for whoever typed the command.
    private func refusal(_ answer: HTTPAnswer) -> Failure {
        let said = (try? JSONObject(parsing: answer.body).string("error_message")).flatMap { $0 }
        guard let said else { return strange(answer) }
        switch answer.status {
        case 401:
            return Failure("\(server) refuses the key: \(said); give an administrator's with --key or MARTLET_KEY")
        case 403: return Failure("\(server) refuses: \(said)")
        case 409: return Failure("\(server) is busy: \(said); begin again when it is done")
        case 404, 405:
            return Failure("\(server) has no /admin/replay: it runs an older martlet, or something stands before it")
        default: return Failure("\(server) answers \(answer.status): \(said)")
        }
    }

    private func strange(_ answer: HTTPAnswer) -> Failure {
        Failure(
            "\(server) does not answer as a martlet does (status \(answer.status)); "
                + "the address must be the one that \(300..<400 ~= answer.status ? "it redirects to" : "the server has")"
        )
    }
}

extension RemoteRebuild.Status {
    fileprivate init(_ rebuild: borrowing JSONObject) throws {
        func number(_ name: StaticString) throws -> Double { try rebuild.number(name) ?? 0 }
        let state = try rebuild.requiredString("state")
        let start = try rebuild.string("started_at") ?? ""
        switch state {
        case "none": self = .unknown
        case "running":
            self = .running(start: start, events: Int(try number("events")), part: try number("percent") / 100)
        case "done":
            self = .done(
                start: start,
                RemoteRebuild.Report(
                    events: Int(try number("events")), seconds: try number("seconds"),
                    eventsPerSecond: try number("events_per_second"), swapMilliseconds: try number("swap_milliseconds"))
            )
        case "failed": self = .failed(start: start, reason: try rebuild.string("reason") ?? "it does not say why")
        default: throw Failure("the server says that the rebuild is \(state), which this martlet does not know")
        }
    }
}
