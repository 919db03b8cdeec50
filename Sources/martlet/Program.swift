import Application
import CommandLineOptions
import Glibc
import HTTPServer

/// The program. Each subcommand has a file of its own.
@main
enum MartletProgram {
    static let version = "0.1.0"

    static func main() async {
        let program = Program(
            name: "martlet", version: version,
            summary: """
                A self-hosted, event-sourced microblog backend: one program, one data directory.

                Every option can also be set in the environment, as MARTLET_ and its name (MARTLET_DATA, \
                MARTLET_WEB_ROOT), or in a file .env in the working directory. Flags win over the environment, and that \
                wins over .env.
                """,
            subcommands: [
                .serve, .accountCreate, .accountRename, .accountKey, .accountRevoke, .importCommands, .exportEvents,
                .tail, .history, .backup, .keysBackup, .restore, .upgrade, .replay, .verify, .digest, .stats, .generate,
            ])
        exit(await program.main())
    }
}

/// Options that several subcommands share.
extension Parameter where Value == String {
    static var data: Parameter {
        .option("data", .path("DIR"), isRequired: true, help: "the data directory")
    }

    static var masterKey: Parameter {
        .option(
            "master-key-file", .path("FILE"),
            help: "the file of the master key; by default master.key in the data directory")
    }
}

extension Parameter where Value == Int {
    static var mapSize: Parameter {
        .option(
            "map-size", .size(in: (1 << 20)...(1 << 44)), default: "256GiB",
            help: "the most bytes that the log, and that the read models, may ever hold; only address space until used")
    }

    static var handleHold: Parameter {
        .option(
            "handle-hold", .integer(in: 0...36_500, "DAYS"), default: "30",
            help: "how long a handle that was given up is kept from others; 0 frees it at once")
    }
}

extension ValueFormat where Value == ListenAddress {
    /// An address and a port, such as `127.0.0.1:8080`, `[::1]:8080`, or `:8080` for all addresses.
    static var listenAddress: ValueFormat {
        ValueFormat(placeholder: "HOST:PORT", expectation: "a numeric address and a port such as 127.0.0.1:8080") {
            try? ListenAddress($0)
        }
    }
}

extension ValueFormat where Value == Moment {
    /// A position or a time in the history of a log.
    static var moment: ValueFormat {
        ValueFormat(
            placeholder: "POSITION|TIME",
            expectation: "a position from 1 on, or a time such as 2026-01-01T00:00:00Z (with any fraction and offset)"
        ) { Moment($0) }
    }
}

/// Something that went wrong, in words for people.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension OptionValues {
    /// Opens and locks the data directory of the option `--data`.
    ///
    /// - Parameter create: whether a missing one is made.
    func dataDirectory(create: Bool = false) throws -> DataDirectory {
        try DataDirectory(value(.data), create: create, masterKey: optionalValue(.masterKey))
    }

    /// The option `--handle-hold` in milliseconds, as the rules take it.
    func handleHold() throws -> Int64 { Int64(try value(.handleHold)) * 24 * 3_600_000 }
}
