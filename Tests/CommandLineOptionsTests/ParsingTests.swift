import CommandLineOptions
import Testing

@Suite struct ParsingTests {
    @Test func `Options are read with a space or an equals sign`() throws {
        let values = try values(
            "serve --data d --listen=[::1]:0 --loops 8 --max-body 64KiB --wait=500ms --order popular")
        #expect(try values.value(.data) == "d")
        #expect(try values.value(.listen) == "[::1]:0")
        #expect(try values.value(.loops) == 8)
        #expect(try values.value(.maxBody) == 65_536)
        #expect(try values.value(.wait) == .milliseconds(500))
        #expect(try values.value(.order) == .popular)
        #expect(values.optionalValue(.webRoot) == nil)
        #expect(values.source(of: .wait) == .argument)
    }

    @Test func `Defaults stand where nothing is said`() throws {
        let values = try values("serve --data d")
        #expect(try values.value(.listen).description == "127.0.0.1:8080")
        #expect(try values.value(.maxBody) == 1_048_576)
        #expect(values.source(of: .listen) == .standard)
        #expect(throws: CommandLineError.self) { try values.value(.webRoot) }
    }

    @Test func `Flags and positionals may stand in any order`() throws {
        let first = try values("import --demo-keys - --data d")
        #expect(try first.value(.demoKeys))
        #expect(try first.value(.input) == "-")
        #expect(try first.value(.output) == "-")
        let second = try values("import a --data d --demo-keys=no b")
        #expect(try !second.value(.demoKeys))
        #expect(try second.value(.output) == "b")
        let third = try values("import --data d -- --demo-keys --help")
        #expect(try third.value(.input) == "--demo-keys")
        #expect(try third.value(.output) == "--help")
        #expect(try !third.value(.demoKeys))
    }

    @Test func `A subcommand of two words is found`() throws {
        guard case .run(let subcommand, _) = try program.parse(["account", "create", "--data", "d"]) else {
            Issue.record("account create does not run")
            return
        }
        #expect(subcommand.name == "account create")
    }

    @Test(
        arguments: [
            ("", "martlet: nothing to do: a subcommand is needed"),
            ("srve", #"martlet: unknown subcommand "srve"; did you mean serve?"#),
            ("fly", #"martlet: unknown subcommand "fly""#),
            ("--versoin", "martlet: unknown option --versoin; did you mean --version?"),
            ("account", #"martlet: "account" needs a word after it: create, list"#),
            ("account --data d", #"martlet: "account" needs a word after it: create, list"#),
            ("account crate", #"martlet: unknown subcommand "account crate"; did you mean account create?"#),
            ("serve", "martlet serve: --data DIR is needed: a path"),
            ("serve --lisen 1", "martlet serve: unknown option --lisen; did you mean --listen?"),
            ("serve --demo-keys", "martlet serve: unknown option --demo-keys"),
            ("serve -x", "martlet serve: unknown option -x"),
            ("serve --data", "martlet serve: --data needs a value: --data DIR, a path"),
            (
                "serve --data --loops 2",
                "martlet serve: --data needs a value: --data DIR, a path; --loops stands there instead"
            ),
            ("serve --data a --data b", "martlet serve: --data is given twice"),
            ("serve --data= --loops 2", #"martlet serve: --data: "" is not a path"#),
            ("serve --data d --loops x", #"martlet serve: --loops: "x" is not a whole number from 1 to 64"#),
            ("serve --data d --loops -5", #"martlet serve: --loops: "-5" is not a whole number from 1 to 64"#),
            (
                "serve --data d --max-body 5PB",
                #"martlet serve: --max-body: "5PB" is not a size such as 512KiB or 64MiB from 1KiB to 1GiB"#
            ),
            (
                "serve --data d --wait 5",
                #"martlet serve: --wait: "5" is not a length of time such as 500ms, 30s, 5m, 2h or 7d, 0 or more"#
            ),
            ("serve --data d --order best", #"martlet serve: --order: "best" is not one of newest, popular"#),
            ("serve --data d extra", #"martlet serve: unexpected argument "extra""#),
            ("import --data d", "martlet import: INPUT is needed: a path"),
            ("import --data d a b c", #"martlet import: unexpected argument "c""#),
            (
                "import --data d --demo-keys=maybe -",
                #"martlet import: --demo-keys: "maybe" is not yes or no (true, false, 1 and 0 also do)"#
            ),
            (
                "serve --data d --admin-key abc",
                "martlet serve: --admin-key: the value (not shown) is not a key, of an even number of characters"
            ),
        ])
    func `What cannot be understood is named`(line: String, message: String) {
        #expect(complaint(line) == message)
    }

    @Test func `A message stays one line and points to the help page`() throws {
        let error = try #require(throws: CommandLineError.self) {
            try program.parse(["serve", "--data", "d", "--loops", "a\n\"b\u{1B}"])
        }
        #expect(
            error.description == #"""
                martlet serve: --loops: "a\u{a}\"b\u{1b}" is not a whole number from 1 to 64
                Try 'martlet serve --help'.
                """#)
    }

    @Test func `The summary names every origin and shows no secret`() throws {
        let values = try values("serve --data d --admin-key hush", environment: ["MARTLET_LOOPS": "4"])
        #expect(
            values.summary == [
                "--admin-key (not shown) (command line)", "--data d (command line)",
                "--listen 127.0.0.1:8080 (default)", "--loops 4 (MARTLET_LOOPS in the environment)",
                "--max-body 1MiB (default)", "--order newest (default)", "--wait 5s (default)",
            ])
    }
}
