import Application
import CommandLineOptions
import Glibc
import HTTPClient

extension Parameter where Value == ServerAddress {
    static var server: Parameter {
        .option("server", .serverAddress, help: "have the server there rebuild its own, while it goes on serving")
    }
}

extension Parameter where Value == String {
    static var adminKey: Parameter {
        .option(
            "key", .text("KEY"), isSecret: true, help: "with --server: an administrator's key")
    }
}

extension ValueFormat where Value == ServerAddress {
    /// Where a server is.
    fileprivate static var serverAddress: ValueFormat {
        ValueFormat(placeholder: "URL", expectation: "an address such as http://127.0.0.1:8080") { ServerAddress($0) }
    }
}

/// Has a running server rebuild its read models, shows how it goes, and reports.
enum RemoteReplay {
    /// Between two looks.
    private static let interval: UInt32 = 200_000
    /// How long a server may be without an answer for us.
    private static let patience = Duration.seconds(60)

    static func run(_ server: ServerAddress, _ options: OptionValues) throws {
        let key = try options.value(.adminKey)
        guard AccessKey(key) != nil else { throw Failure("the key (not shown) cannot be one: it has other characters") }
        let rebuild = RemoteRebuild(server, key: key)
        let start = try rebuild.begin()
        do {
            try Console.result(text(try watch(rebuild, from: start, of: server)))
        } catch let error as HTTPClientError {
            throw Failure("\(error); the rebuild may still go on: ask the server with GET /admin/projectors")
        }
    }

    private static func watch(
        _ rebuild: RemoteRebuild, from start: String, of server: ServerAddress
    ) throws -> RemoteRebuild.Report {
        var bar = ProgressBar("replay", unit: "events")
        defer { bar.clear() }
        var lastAnswer = ContinuousClock.now
        while true {
            let status = try rebuild.look()
            switch status {
            case .running(start, let events, let part):
                if bar.isDue { bar.show(Int(part * Double(events)), fraction: part) }
            case .done(start, let report): return report
            case .failed(start, let reason):
                throw Failure("\(server) has given the rebuild up and goes on with the read models it had: \(reason)")
            case .running, .done, .failed:
                throw Failure("\(server) was asked for another rebuild since; this one is over")
            case .unknown: throw Failure("\(server) was started anew, which ended the rebuild: begin again")
            case nil:
                guard .now - lastAnswer < patience else {
                    throw Failure("\(server) has no answer for us; the rebuild may still go on")
                }
            }
            if status != nil { lastAnswer = .now }
            usleep(interval)
        }
    }

    private static func text(_ report: RemoteRebuild.Report) -> [UInt8] {
        let text = """
            events        \(report.events)
            seconds       \(rounded(report.seconds, 100))
            events/s      \(Int(report.eventsPerSecond))
            writes held   \(rounded(report.swapMilliseconds, 10)) ms, while the generations changed

            """
        return Array(text.utf8)
    }

    private static func rounded(_ number: Double, _ parts: Double) -> Double { (number * parts).rounded() / parts }
}
