import CommandLineOptions
import Glibc

/// The program: what each subcommand does stands in a file of its own.
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
                .tail, .history, .backup, .restore, .replay, .verify, .digest, .stats, .generate,
            ])
        exit(await program.main())
    }
}
