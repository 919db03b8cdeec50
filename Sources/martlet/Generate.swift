import CommandLineOptions
import Microblog
import SampleCommunity

extension Parameter where Value == Int {
    fileprivate static var commands: Parameter {
        .option("commands", .integer(in: 1...1_000_000_000), default: "20000", help: "how many commands to make")
    }
    fileprivate static var accounts: Parameter {
        .option("accounts", .integer(in: 1...100_000_000), help: "how many accounts; one for 200 commands by default")
    }
    fileprivate static var pictures: Parameter {
        .option("pictures", .integer(in: 0...100_000), help: "how many pictures; at most 200 by default")
    }
    fileprivate static var seed: Parameter {
        .option("seed", .integer(in: 0...Int.max), default: "1", help: "the same seed gives the same community")
    }
}

extension Parameter where Value == String {
    fileprivate static var firstKey: Parameter {
        .option("first-key", .text("KEY"), help: "the access key of the first account")
    }
}

extension Parameter where Value == Timestamp {
    fileprivate static var endsAt: Parameter {
        .option(
            "ends-at",
            ValueFormat(placeholder: "TIME", expectation: "a time such as 2026-01-01T00:00:00Z") { Timestamp($0) },
            default: "2026-01-01T00:00:00Z", help: "when the last command happens")
    }
}

extension Subcommand {
    static var generate: Subcommand {
        Subcommand(
            "generate", summary: "make up a sample community, as commands for import",
            discussion: "The same options give the same community on every machine.",
            parameters: .commands, .accounts, .pictures, .seed, .firstKey, .endsAt
        ) { options in
            let community = SampleCommunity(
                commands: try options.value(.commands), accounts: options.optionalValue(.accounts),
                pictures: options.optionalValue(.pictures), endsAt: try options.value(.endsAt),
                seed: UInt64(try options.value(.seed)), firstKey: options.optionalValue(.firstKey))
            var output: [UInt8] = []
            for command in community {
                command.appendLine(to: &output)
                output.append(UInt8(ascii: "\n"))
                if output.count >= 1 << 16 {
                    try Console.result(output)
                    output.removeAll(keepingCapacity: true)
                }
            }
            try Console.result(output)
        }
    }
}
