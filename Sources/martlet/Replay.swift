import Application
import CommandLineOptions
import Glibc
import Projections
import Threads

extension Parameter where Value == Int {
    static var memory: Parameter {
        .option(
            "memory", .size(in: (16 << 20)...(1 << 44)), default: "512MiB",
            help: "memory that building the read models may use, however long the log is")
    }
}

extension Parameter where Value == String {
    fileprivate static var directory: Parameter {
        .option("data", .path("DIR"), isRequired: true, help: "the data directory; a server may have it open")
    }
    fileprivate static var into: Parameter {
        .option("into", .path("DIR2"), help: "an empty directory to build in, instead of DIR itself")
    }
}

extension Parameter where Value == Moment {
    fileprivate static var until: Parameter {
        .option("until", .moment, help: "build the state of a position or time; only with --into")
    }
}

extension Subcommand {
    static var replay: Subcommand {
        Subcommand(
            "replay", summary: "build all read models anew from the log",
            discussion: """
                Builds a new generation of read models in DIR and puts it in the place of the old one, which nothing \
                happens to until then. With --into the read models go to a directory of their own. If a server has DIR open, \
                it is the server that builds them, with its own --memory, and goes on serving.
                """,
            parameters: .directory, .masterKey, .into, .until, .memory, .mapSize
        ) { options in
            let data = try options.value(.directory)
            let into = options.optionalValue(.into)
            let until = options.optionalValue(.until)
            if let until, into == nil {
                throw Failure(
                    "--until \(until) needs --into DIR2: the read models of \(data) always show the newest position; "
                        + "`martlet serve --as-of \(until)` answers queries about that moment")
            }
            let bar = Guarded(ProgressBar("replay", unit: "events"))
            let peak = Guarded(0)
            let total = Guarded(0)
            let rebuild = try OfflineRebuild(
                data: data, masterKey: options.optionalValue(.masterKey), memory: try options.value(.memory),
                mapSize: try options.value(.mapSize)
            ) { part in
                bar.withLock { bar in
                    guard bar.isDue else { return }
                    bar.show(Int(part * Double(total.withLock { $0 })), fraction: part)
                }
                let used = ProcessMemory.anonymous
                peak.withLock { $0 = max($0, used) }
            }
            let last = try until.map { try rebuild.position(of: $0) } ?? rebuild.head
            total.withLock { $0 = Int(last) }
            let (report, store): (RebuildReport, ViewStore)
            if let into {
                (report, store) = try await rebuild.build(into: into, until: last)
            } else {
                let directory: DataDirectory
                do throws(DataDirectoryError) {
                    directory = try DataDirectory(
                        data, create: false, masterKey: options.optionalValue(.masterKey))
                } catch {
                    guard case .inUse = error else { throw error }
                    return try ServerReplay(data, lock: error).run()
                }
                (report, store) = try await rebuild.rebuild(directory)
            }
            bar.withLock { $0.clear() }
            try Console.result(
                ReplayTable.text(
                    events: report.position, report.duration / .seconds(1), store, peakMemory: peak.withLock { $0 }))
        }
    }
}

/// The closing report of a rebuild.
enum ReplayTable {
    /// - Parameters:
    ///   - events: how many events were taken in.
    ///   - seconds: how long that took.
    ///   - peakMemory: the most memory that this process used, in bytes; `nil` if another one did the work.
    static func text(events: UInt64, _ seconds: Double, _ store: ViewStore, peakMemory: Int? = nil) throws -> [UInt8] {
        let hundredths = Int(seconds * 100)
        var text = """
            events        \(events)
            seconds       \(hundredths / 100).\(hundredths / 10 % 10)\(hundredths % 10)
            events/s      \(Int(Double(events) / max(seconds, 0.000_001)))

            """
        if let peakMemory { text += "peak memory   \(peakMemory >> 20) MiB\n" }
        text += """

            read model          rows         bytes  digest

            """
        let statistics = try store.statistics()
        for digest in try store.digests().digests {
            let bytes = statistics.filter { $0.model == digest.model }.reduce(0) { $0 + $1.bytes }
            text += pad(digest.model.name, 12, left: false) + pad("\(digest.rows)", 12) + pad("\(bytes)", 14)
            text += "  \(digest.hex)\n"
        }
        return Array(text.utf8)
    }

    private static func pad(_ text: String, _ width: Int, left: Bool = true) -> String {
        let blanks = String(repeating: " ", count: max(0, width - text.count))
        return left ? blanks + text : text + blanks
    }
}

/// The memory of this process.
enum ProcessMemory {
    /// Bytes that belong to this process and not to a file: what it would cost the machine if nothing else ran. Pages
    /// of the databases belong to the page cache and do not count.
    static var anonymous: Int {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &bytes, bytes.count)
        // In pages: the whole, what is in memory, and how much of that is shared with files.
        let pages = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).split(separator: " ").map { Int($0) }
        guard pages.count > 2, let resident = pages[1], let shared = pages[2] else { return 0 }
        return (resident - shared) * sysconf(Int32(_SC_PAGESIZE))
    }
}
