import CommandLineOptions
import Testing

@Suite struct HelpTests {
    @Test func `The program's page lists its subcommands`() throws {
        let text = """
            usage: martlet SUBCOMMAND [OPTION ...]

            A microblog: one program, one data directory.

            subcommands:
              serve           answer HTTP requests
              import          read commands
              account create  make an account
              account list    show the accounts
              version         show versions

            'martlet SUBCOMMAND --help' shows what a subcommand takes; 'martlet --version' shows the version.
            """
        for line in ["--help", "-h", "help", "account --help"] { #expect(try page(line) == text) }
    }

    @Test func `A subcommand's page lists what it takes`() throws {
        let text = """
            usage: martlet serve --data DIR [OPTION ...]

            Answer HTTP requests.

            The server runs until it is told to stop, and what it has acknowledged by then is there after a
            start, whatever happened in between.

            It stops on SIGTERM.

            options:
              --data DIR              where everything is kept (needed)
              --listen HOST:PORT      where to answer HTTP requests (default: 127.0.0.1:8080)
              --loops N               how many event loops there are (default: 2)
              --max-body SIZE         the largest body (default: 1MiB)
              --wait TIME             how long to wait (default: 5s)
              --order newest|popular  what comes first (default: newest)
              --admin-key KEY         what an administrator says (better set as MARTLET_ADMIN_KEY: others can
                                      see command lines)
              --web-root DIR          files that are served as they are
              --help                  show this page

            An option can also be set in the environment, or in a file .env in the working directory: --data as
            MARTLET_DATA. The command line counts before the environment, and that before .env.
            """
        for line in ["serve --help", "help serve", "serve --loops nonsense -h"] { #expect(try page(line) == text) }
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test func `Positional arguments have a list of their own`() throws {
        let text = try page("import --help")
        #expect(text.hasPrefix("usage: martlet import --data DIR [OPTION ...] INPUT [OUTPUT]\n"))
        #expect(text.contains("\narguments:\n  INPUT   what is read; - for standard input (needed)\n"))
        #expect(text.contains("\n  OUTPUT  what is written (default: -)\n"))
        #expect(text.contains("\n  --demo-keys  take keys from the input\n"))
    }

    @Test func `The version is shown`() throws {
        #expect(try page("--version") == "martlet 1.2.3")
    }
}
