import Application
import ControlClient
import Glibc
import JSON
import Projections

/// The rebuild of a data directory that a server has open: the server does it, and this watches over the control socket.
struct ServerReplay {
    private let data: String
    private let lock: DataDirectoryError
    private let client: ControlClient

    /// How long to wait between two questions, in milliseconds.
    private static let pause: Int32 = 200

    /// - Parameter lock: why this process cannot do it, for when nobody answers.
    init(_ data: String, lock: DataDirectoryError) {
        self.data = data
        self.lock = lock
        client = ControlClient(path: DataLayout(data).controlSocket)
    }

    /// Begins the rebuild, or finds one under way, waits for its end, and prints the report.
    ///
    /// - Throws: why it did not begin, or what became of it; also when a signal comes, which does not end the rebuild.
    func run() throws {
        let signals = try SignalWait([SIGINT, SIGTERM])
        var rebuild = try begin()
        var bar = ProgressBar("replay", unit: "events")
        while rebuild.state == .running {
            if bar.isDue { bar.show(Int(rebuild.part * Double(rebuild.events)), fraction: rebuild.part) }
            if signals.hasCome(within: Self.pause) {
                bar.clear()
                throw Failure(
                    "interrupted; the server goes on with the rebuild. `martlet replay --data \(data)` shows it again")
            }
            rebuild = try ServerRebuild(watched())
        }
        bar.clear()
        switch rebuild.state {
        case .running: break
        case .done: try report(rebuild)
        case .failed: throw Failure("the server gave the rebuild up: \(rebuild.reason ?? "it does not say why")")
        case .none: throw Failure("the server was started again meanwhile, and has rebuilt nothing since")
        }
    }

    private func begin() throws -> ServerRebuild {
        let answer: ControlAnswer
        do throws(ControlError) {
            answer = try client.ask("POST", "/admin/replay")
        } catch {
            guard error.isUnheard else { throw error }
            throw Failure("\(lock). If that is a server, it could do the rebuild, but it cannot be asked: \(error)")
        }
        guard answer.status == 409 else { return try ServerRebuild(answer) }
        Console.note("martlet: a rebuild is under way already, so this shows that one")
        return try ServerRebuild(watched())
    }

    private func watched() throws -> ControlAnswer {
        do throws(ControlError) {
            return try client.ask("GET", "/admin/projectors")
        } catch {
            throw Failure(
                "\(error). What became of the rebuild is not known; if the server has ended, it changed nothing")
        }
    }

    private func report(_ rebuild: ServerRebuild) throws {
        guard let store = try ViewGenerations.read(directory: data + "/views") else {
            throw Failure("the rebuild is done, but there are no read models in \(data)/views")
        }
        try Console.result(ReplayTable.text(events: rebuild.events, rebuild.seconds, store))
    }
}

/// What a server says of its rebuild: the member `rebuild` of its answers.
private struct ServerRebuild {
    enum State: String {
        case none, running, done, failed
    }

    let state: State
    let events: UInt64
    /// The part that is done, from 0 to 1.
    let part: Double
    /// How long it took; only when it is done.
    let seconds: Double
    /// Why it failed.
    let reason: String?

    /// - Throws: what the server says if it refused; what is missing in its answer.
    init(_ answer: ControlAnswer) throws {
        let json: JSONObject
        do throws(JSONError) {
            json = try JSONObject(parsing: answer.body)
        } catch {
            throw Failure("the server answered \(answer.status), and what it says is \(error)")
        }
        guard answer.isSuccess else {
            throw Failure("the server refuses: \(try json.string("error_message") ?? "status \(answer.status)")")
        }
        guard let rebuild = try json.object("rebuild"),
            let state = try State(rawValue: rebuild.requiredString("state"))
        else { throw Failure("the server says nothing of a rebuild; it may be of another version than this program") }
        self.state = state
        events = UInt64(try rebuild.integer("events", in: 0...Int64.max) ?? 0)
        part = (try rebuild.number("percent") ?? 0) / 100
        seconds = try rebuild.number("seconds") ?? 0
        reason = try rebuild.string("reason")
    }
}
