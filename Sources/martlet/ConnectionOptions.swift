import CommandLineOptions
import HTTPServer

// What connections may take: places, time and memory.

extension Parameter where Value == Int {
    static var connections: Parameter {
        .option(
            "connections", .integer(in: 1...1_000_000), default: "20000",
            help: "the most connections open at once; for a new one the longest idle one is closed")
    }
    static var headerSize: Parameter {
        .option(
            "header-size", .size(in: 1024...(1 << 20)), default: "16KiB",
            help: "the longest header of a request; its first line may have half of that")
    }
    static var answerMemory: Parameter {
        .option(
            "answer-memory", .size(in: (1 << 20)...(1 << 40)), default: "64MiB",
            help: "the most memory for answers that wait for readers; half for an account, a quarter for an address")
    }
    static var minimumRate: Parameter {
        .option(
            "minimum-rate", .size(in: 1...(1 << 30)), default: "4KiB",
            help: "bytes a second at which a body or an answer may take longer than its deadline")
    }
}

extension Parameter where Value == Duration {
    static var headerDeadline: Parameter {
        .option(
            "header-deadline", .duration(in: .milliseconds(100) ... .seconds(3600)), default: "10s",
            help: "the longest that a client may take to send a header")
    }
    static var bodyDeadline: Parameter {
        .option(
            "body-deadline", .duration(in: .milliseconds(100) ... .seconds(3600)), default: "30s",
            help: "the longest that a client may take to send a body, unless it keeps the minimum rate")
    }
    static var idleDeadline: Parameter {
        .option(
            "idle-deadline", .duration(in: .milliseconds(100) ... .seconds(3600)), default: "60s",
            help: "how long a connection may idle between requests")
    }
    static var answerDeadline: Parameter {
        .option(
            "answer-deadline", .duration(in: .milliseconds(100) ... .seconds(3600)), default: "60s",
            help: "the longest that a client may take to read an answer, unless it keeps the minimum rate")
    }
}

extension ServerConfiguration {
    /// Takes what the options say about it.
    mutating func setBounds(_ options: OptionValues) throws(CommandLineError) {
        connectionLimit = try options.value(.connections)
        headLimits.head = try options.value(.headerSize)
        headLimits.line = headLimits.head / 2
        answerMemory = try options.value(.answerMemory)
        deadlines.header = try options.value(.headerDeadline)
        deadlines.body = try options.value(.bodyDeadline)
        deadlines.idle = try options.value(.idleDeadline)
        deadlines.response = try options.value(.answerDeadline)
        deadlines.minimumRate = try options.value(.minimumRate)
    }
}
