import Application
import CommandLineOptions
import EventLog
import Glibc
import Microblog

extension Parameter where Value == String {
    fileprivate static var file: Parameter {
        .positional("file", .path("FILE"), help: "commands as JSON Lines; - for standard input")
    }
    fileprivate static var map: Parameter {
        .option("map", .path("FILE"), help: "write what the file's names stand for: u17<TAB>id, p77<TAB>id")
    }
    fileprivate static var name: Parameter {
        .option(
            "name", .text("NAME"),
            help: "the import's name, by which it is resumed; by default it follows from the first line")
    }
}

extension Parameter where Value == Bool {
    fileprivate static var demoKeys: Parameter {
        .flag(
            "demo-keys",
            help:
                "give every account the key key-<handle>: for demonstrations and measurements only, anybody can guess it"
        )
    }
    fileprivate static var clampTimes: Parameter {
        .flag("clamp-times", help: "raise times before the log's newest event to that one's instead of refusing them")
    }
}

extension Subcommand {
    static var importCommands: Subcommand {
        Subcommand(
            "import", summary: "bring commands in, with their own times",
            discussion: """
                One JSON object a line: {"at": TIME, "do": "register", "user": "u1", "name": ..., "key": ...}, "post" (post, text,
                reply_to, media), "like", "unlike" and "delete" (post), "follow" and "unfollow" (target), "media"
                (media, base64). The account u17 gets the handle u17. An import that was broken off is resumed by starting
                it again: no event comes twice. It stops at the first bad line and keeps what came before.
                """,
            parameters: .data, .masterKey, .file, .map, .name, .demoKeys, .clampTimes, .handleHold, .mapSize
        ) { options in
            var importOptions = ImportOptions()
            importOptions.name = options.optionalValue(.name)
            importOptions.demoKeys = try options.value(.demoKeys)
            importOptions.clampTimes = try options.value(.clampTimes)
            var whole = MartletConfiguration()
            whole.limits = Limits(handleHold: try options.handleHold())
            whole.mapSize = try options.value(.mapSize)
            whole.writing = .bulk
            whole.report = { Console.note("martlet import: \($0)") }
            let lines = try LineReader(options.value(.file))
            let martlet = try Martlet(options.dataDirectory(create: true), whole)
            let importer = Importer(martlet, importOptions)
            let problem = await bring(lines, into: importer, of: martlet)
            try await martlet.close()
            if problem == nil, let path = options.optionalValue(.map) { try write(importer, to: path) }
            if let problem { throw problem }
        }
    }
}

/// Reads up to the end or the first bad line.
///
/// - Returns: what was wrong.
private func bring(_ lines: LineReader, into importer: Importer, of martlet: Martlet) async -> (any Error)? {
    var bar = ProgressBar("import", unit: "lines")
    var problem: (any Error)?
    var count = 0
    do {
        while try lines.next({ try importer.add($0) }) {
            count += 1
            if count % 512 == 0, bar.isDue {
                bar.show(importer.progress.lines, fraction: lines.size.map { Double(lines.consumed) / Double($0) })
            }
        }
    } catch {
        problem = error
    }
    do {
        try importer.finish()
    } catch {
        problem = error
    }
    await martlet.catchUp()
    let progress = importer.progress
    bar.finish(
        progress.lines,
        "; \(progress.events) new events, \(progress.known) lines known from an earlier import; the read models are at "
            + "position \(martlet.visiblePosition)")
    return problem
}

/// Writes the meaning of the names.
private func write(_ importer: Importer, to path: String) throws {
    guard let file = fopen(path, "w") else {
        throw Failure("cannot write \(path): \(String(cString: strerror(errno)))")
    }
    importer.map { name, id in fputs("\(name)\t\(id)\n", file) }
    guard ferror(file) == 0, fclose(file) == 0 else { throw Failure("cannot write \(path)") }
}
