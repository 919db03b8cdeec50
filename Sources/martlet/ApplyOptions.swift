import CommandLineOptions
import EventLog

// When the tables of the log are brought up to its journal.

extension Parameter where Value == Duration {
    static var applyInterval: Parameter {
        .option(
            "apply-interval", .duration(in: .milliseconds(1) ... .seconds(60)), default: "250ms",
            help: "how long an event may wait in the journal before the tables of the log are brought up to it")
    }
}

extension Parameter where Value == Int {
    static var applyEvents: Parameter {
        .option(
            "apply-events", .integer(in: 1...WriteConfiguration().unappliedEvents), default: "20000",
            help: "how many events may wait in the journal before the tables of the log are brought up to it")
    }
}

extension WriteConfiguration {
    /// Takes what the options say about it.
    mutating func setApplication(_ options: OptionValues) throws(CommandLineError) {
        applyInterval = Int64(try options.value(.applyInterval) / .milliseconds(1))
        applyEvents = try options.value(.applyEvents)
    }
}
