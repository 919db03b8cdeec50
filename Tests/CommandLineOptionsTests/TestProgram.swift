import CommandLineOptions

enum Order: String, CaseIterable {
    case newest
    case popular
}

extension Parameter where Value == String {
    static var data: Parameter { .option("data", .path("DIR"), isRequired: true, help: "where everything is kept") }
    static var adminKey: Parameter {
        .option("admin-key", .even, isSecret: true, help: "what an administrator says")
    }
    static var webRoot: Parameter { .option("web-root", .path("DIR"), help: "files that are served as they are") }
    static var input: Parameter { .positional("input", .path(), help: "what is read; - for standard input") }
    static var output: Parameter { .positional("output", .path(), default: "-", help: "what is written") }
}

extension ValueFormat where Value == String {
    static var even: ValueFormat {
        ValueFormat(placeholder: "KEY", expectation: "a key, of an even number of characters") { text in
            text.count % 2 == 0 ? text : nil
        }
    }
}

extension Parameter where Value == String {
    static var listen: Parameter {
        .option("listen", .text("HOST:PORT"), default: "127.0.0.1:8080", help: "where to answer HTTP requests")
    }
}

extension Parameter where Value == Int {
    static var loops: Parameter {
        .option("loops", .integer(in: 1...64), default: "2", help: "how many event loops there are")
    }
    static var maxBody: Parameter {
        .option("max-body", .size(in: 1_024...1 << 30), default: "1MiB", help: "the largest body")
    }
}

extension Parameter where Value == Duration {
    static var wait: Parameter { .option("wait", .duration(), default: "5s", help: "how long to wait") }
}

extension Parameter where Value == Order {
    static var order: Parameter { .option("order", .choice(), default: "newest", help: "what comes first") }
}

extension Parameter where Value == Bool {
    static var demoKeys: Parameter { .flag("demo-keys", help: "take keys from the input") }
}

let program = Program(
    name: "martlet", version: "1.2.3", summary: "A microblog: one program, one data directory.",
    subcommands: [
        Subcommand(
            "serve", summary: "answer HTTP requests",
            discussion: """
                The server runs until it is told to stop, and what it has acknowledged by then is there after a start,
                whatever happened in between.

                It stops on SIGTERM.
                """,
            parameters: .data, .listen, .loops, .maxBody, .wait, .order, .adminKey, .webRoot
        ) { _ in },
        Subcommand("import", summary: "read commands", parameters: .data, .demoKeys, .input, .output) { _ in },
        Subcommand("account create", summary: "make an account", parameters: .data) { _ in },
        Subcommand("account list", summary: "show the accounts", parameters: .data) { _ in },
        Subcommand("version", summary: "show versions") { _ in },
    ])

/// The values that a command line gives; the test fails if it asks for a page.
func values(
    _ line: String, environment: [String: String] = [:], dotEnv: String? = nil
) throws -> OptionValues {
    let invocation = try program.parse(words(line), environment: environment, dotEnv: dotEnv)
    guard case .run(_, let values) = invocation else { throw AskedForAPage() }
    return values
}

/// The page that a command line asks for; the test fails if it would run something.
func page(_ line: String) throws -> String {
    guard case .show(let text) = try program.parse(words(line)) else { throw AskedForNoPage() }
    return text
}

/// The message that a command line is refused with, without the pointer to the help page.
func complaint(_ line: String, environment: [String: String] = [:], dotEnv: String? = nil) -> String {
    do throws(CommandLineError) {
        _ = try program.parse(words(line), environment: environment, dotEnv: dotEnv)
        return "(none)"
    } catch {
        return error.description.split(separator: "\n").first.map { String($0) } ?? ""
    }
}

struct AskedForAPage: Error {}
struct AskedForNoPage: Error {}

private func words(_ line: String) -> [String] {
    line.split(separator: " ").map { String($0) }
}
