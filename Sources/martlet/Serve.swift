import Application
import CommandLineOptions
import Glibc
import HTTPAdapter
import HTTPServer
import LocalSockets
import Microblog
import Threads

extension Parameter where Value == ListenAddress {
    fileprivate static var listen: Parameter {
        .option("listen", .listenAddress, default: "127.0.0.1:8080", help: "where to answer HTTP requests")
    }
}

extension Parameter where Value == String {
    fileprivate static var webRoot: Parameter {
        .option("web-root", .path("DIR"), help: "a front end to serve beside the API")
    }
}

extension Parameter where Value == Int {
    fileprivate static var loops: Parameter {
        .option("loops", .integer(in: 1...256), help: "event loops that answer requests; one a core by default")
    }
    fileprivate static var textLength: Parameter {
        .option("text-length", .integer(in: 1...100_000), default: "1000", help: "the most characters of a tweet")
    }
    fileprivate static var mediaPerPost: Parameter {
        .option(
            "media-per-post", .integer(in: 0...Limits.highestMediaPerPost), default: "10",
            help: "the most media on one tweet")
    }
    fileprivate static var mediaSize: Parameter {
        .option("media-size", .size(in: 1...(1 << 34)), default: "20MiB", help: "the largest file to upload")
    }
    fileprivate static var bodySize: Parameter {
        .option(
            "body-size", .size(in: 1024...(1 << 30)), default: "1MiB",
            help: "the largest JSON body, whatever a call may need")
    }
    fileprivate static var pageLimit: Parameter {
        .option("page-limit", .integer(in: 1...100_000), default: "1000", help: "the most entries of a page")
    }
    fileprivate static var likesEmbedded: Parameter {
        .option(
            "likes-embedded", .integer(in: 0...100_000), default: "1000",
            help: "the most likes shown on a tweet, and followers and followed on a user")
    }
    fileprivate static var nameCache: Parameter {
        .option(
            "name-cache", .size(in: 1024...(1 << 40)), default: "16MiB",
            help: "the most memory for names of accounts that pages show")
    }
    fileprivate static var feedCache: Parameter {
        .option(
            "feed-cache", .size(in: 0...(1 << 40)), default: "16MiB",
            help: "the most memory for what readers saw of their newest feeds; 0 for none")
    }
}

extension Parameter where Value == Moment {
    fileprivate static var asOf: Parameter {
        .option(
            "as-of", .moment, help: "show the state of a position or time, and change nothing; beside a server, too")
    }
}

extension Parameter where Value == Duration {
    fileprivate static var wait: Parameter {
        .option(
            "wait", .duration(in: .milliseconds(100) ... .seconds(300)), default: "5s",
            help: "the longest that a request waits for a log position, or a write to become visible")
    }
}

extension Subcommand {
    static var serve: Subcommand {
        Subcommand(
            "serve", summary: "answer HTTP requests",
            discussion: """
                Serves the data directory until SIGINT or SIGTERM, then answers what is under way and ends.
                Documentation of the API is at /docs, its description at /openapi.json, metrics at /metrics. The user who                 runs it reaches the same API as the operator, without a key, over the socket control.sock in the data                 directory.
                """,
            parameters: .data, .masterKey, .listen, .webRoot, .pagePolicy, .allowedOrigins, .loops, .connections,
            .textLength,
            .mediaPerPost, .mediaSize, .bodySize, .pageLimit, .likesEmbedded, .handleHold, .nameCache, .feedCache,
            .rate,
            .burst, .wrongKeys, .trustedProxy, .wait, .headerSize, .headerDeadline, .bodyDeadline, .idleDeadline,
            .answerDeadline,
            .minimumRate, .answerMemory, .applyInterval, .applyEvents, .mapSize, .memory, .asOf
        ) { options in
            let signals = try SignalWait([SIGINT, SIGTERM])
            var whole = MartletConfiguration()
            whole.limits = Limits(
                textLength: try options.value(.textLength), mediaPerPost: try options.value(.mediaPerPost),
                handleHold: try options.handleHold())
            whole.mapSize = try options.value(.mapSize)
            whole.rebuildMemory = try options.value(.memory)
            try whole.writing.setApplication(options)
            whole.report = { Console.note("martlet: \($0)") }
            whole.reportCorruption = { problem in
                Console.note("martlet: \(problem). Nothing more is written; the server stops.")
                exit(1)
            }
            var http = AdapterConfiguration(server: ServerConfiguration(address: try options.value(.listen)))
            http.server.loops = options.optionalValue(.loops) ?? sysconf(Int32(_SC_NPROCESSORS_ONLN))
            try http.server.setBounds(options)
            http.webRoot = options.optionalValue(.webRoot)
            if let root = http.webRoot, access(root + "/index.html", R_OK) != 0 {
                throw Failure("--web-root \(root) has no readable index.html")
            }
            http.pagePolicy = options.optionalValue(.pagePolicy)
            http.allowedOrigins = options.optionalValue(.allowedOrigins)
            http.embeddedLimit = try options.value(.likesEmbedded)
            http.pageLimit = try options.value(.pageLimit)
            http.bodyLimit = try options.value(.bodySize)
            http.mediaLimit = try options.value(.mediaSize)
            http.nameMemory = try options.value(.nameCache)
            http.feedMemory = try options.value(.feedCache)
            try http.setRates(options)
            http.waitLimit = try options.value(.wait)
            http.report = whole.report

            let data = try options.value(.data)
            let martlet =
                if let moment = options.optionalValue(.asOf) {
                    try await showPast(data, moment, options.optionalValue(.masterKey), whole)
                } else {
                    try openUpgraded(options.dataDirectory(), whole)
                }
            let server = MartletServer(martlet, http)
            try server.start(control: controlSocket(martlet))
            let address = try options.value(.listen).with(port: server.port)
            Console.note("martlet \(MartletProgram.version) serves \(martlet.path) on http://\(address)")
            let signal = await signals.next()
            Console.note("martlet: got signal \(signal), stopping")
            server.stop()
            try await martlet.close()
        }
    }
}

/// Makes the control socket in a directory that this process has locked. Without it the server is still of use.
///
/// - Returns: `nil` for a server of the past, which owns no directory, and, after a warning, if there can be no socket.
private func controlSocket(_ martlet: Martlet) -> LocalListener? {
    guard martlet.past == nil else { return nil }
    do throws(LocalSocketError) {
        return try LocalListener(at: DataLayout(martlet.path).controlSocket)
    } catch {
        Console.note("martlet: \(error). The server goes on without a control socket")
        return nil
    }
}

/// Opens a data directory, and first brings it to this program's format, if it is of the one before.
private func openUpgraded(_ directory: DataDirectory, _ configuration: MartletConfiguration) throws -> Martlet {
    if let done = try Upgrade.run(directory) { Console.note("martlet: \(done)") }
    return try Martlet(directory, configuration)
}

/// Builds the read models of a moment, which takes a second for some hundred thousand events.
private func showPast(
    _ data: String, _ moment: Moment, _ masterKey: String?, _ configuration: MartletConfiguration
) async throws -> Martlet {
    let bar = Guarded(ProgressBar("as of \(moment)", unit: "%"))
    let martlet = try await Martlet(asOf: moment, data: data, masterKey: masterKey, configuration) { part in
        bar.withLock { if $0.isDue { $0.show(Int(part * 100), fraction: part) } }
    }
    bar.withLock { $0.clear() }
    let newest = martlet.newest
    Console.note("martlet: this is the state at position \(newest.position), of \(newest.time); nothing can be changed")
    return martlet
}
