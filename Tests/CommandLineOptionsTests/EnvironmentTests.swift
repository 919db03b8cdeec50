import CommandLineOptions
import Testing

@Suite struct EnvironmentTests {
    @Test func `The command line counts before the environment, and that before the file`() throws {
        let environment = ["MARTLET_DATA": "environment", "MARTLET_LOOPS": "3", "HOME": "/", "MARTLET_WEB_ROOT": ""]
        let dotEnv = "MARTLET_DATA=file\nMARTLET_LOOPS=4\nMARTLET_MAX_BODY=2MiB\nMARTLET_WEB_ROOT=web\n"
        let values = try values("serve --data line", environment: environment, dotEnv: dotEnv)
        #expect(try values.value(.data) == "line")
        #expect(try values.value(.loops) == 3)
        #expect(values.source(of: .loops) == .environment(variable: "MARTLET_LOOPS"))
        #expect(try values.value(.maxBody) == 2 << 20)
        #expect(values.source(of: .maxBody) == .dotEnv(variable: "MARTLET_MAX_BODY", line: 3))
        #expect(try values.value(.webRoot) == "web")
        #expect(try values.value(.listen).hasSuffix(":8080"))
    }

    @Test func `A flag can be set and a required option is then there`() throws {
        let environment = ["MARTLET_DEMO_KEYS": "true"]
        let values = try values("import x", environment: environment, dotEnv: "MARTLET_DATA=d")
        #expect(try values.value(.demoKeys))
        #expect(try values.value(.data) == "d")
    }

    @Test func `A bad value is named with its origin`() {
        #expect(
            complaint("serve --data d", environment: ["MARTLET_LOOPS": "many"])
                == #"martlet serve: MARTLET_LOOPS in the environment (for --loops): "many" is not a whole number from 1 to 64"#
        )
        #expect(
            complaint("serve --data d", dotEnv: "\n# two\nMARTLET_LOOPS=0")
                == #"martlet serve: MARTLET_LOOPS in .env, line 3 (for --loops): "0" is not a whole number from 1 to 64"#
        )
        #expect(
            complaint("serve --data d", environment: ["MARTLET_ADMIN_KEY": "abc"])
                == "martlet serve: MARTLET_ADMIN_KEY in the environment (for --admin-key): the value (not shown) is not "
                + "a key, of an even number of characters")
    }

    @Test func `A name that no subcommand knows is refused in the file only`() throws {
        #expect(
            complaint("serve --data d", dotEnv: "OTHER=1\nMARTLET_DEMO_KEYS=1\nMARTLET_LISEN=x")
                == "martlet serve: .env, line 3: no option is set by MARTLET_LISEN; did you mean MARTLET_LISTEN?")
        #expect(complaint("serve --data d", environment: ["MARTLET_LISEN": "x"]) == "(none)")
    }

    @Test(
        arguments: [
            ("MARTLET_DATA=plain", "plain"), ("MARTLET_DATA = spaced", nil), ("  MARTLET_DATA=  spaced  ", "spaced"),
            ("export MARTLET_DATA=exported", "exported"), ("MARTLET_DATA=a b # comment", "a b"),
            ("MARTLET_DATA=a#b", "a#b"), ("MARTLET_DATA='a # \\n $b'", "a # \\n $b"),
            (#"MARTLET_DATA="a \"b\" \\ \$c" # comment"#, #"a "b" \ $c"#), ("MARTLET_DATA=a\r\nOTHER=b\r\n", "a"),
            ("MARTLET_DATA=\"caf\u{E9} \\n\"", "caf\u{E9} \n"), ("#MARTLET_DATA=x\nMARTLET_DATA=y", "y"),
            ("MARTLET_DATA=a=b", "a=b"),
        ] as [(String, String?)])
    func `A line is read as shells read it`(text: String, expected: String?) throws {
        if let expected {
            #expect(try values("serve", dotEnv: text).value(.data) == expected)
        } else {
            #expect(complaint("serve", dotEnv: text).hasPrefix("martlet serve: .env, line 1: "))
        }
    }

    @Test(
        arguments: [
            ("A=1\nnonsense", "line 2: NAME=value is expected"), ("A='x", "line 1: the closing quote is missing"),
            ("A=\"x\\q\"", "line 1: after \\ one of n t \" \\ $ is expected"),
            ("A=\"x\" y", "line 1: something stands after the closing quote"),
            ("1A=x", "line 1: \"1A\" is no name: letters, digits and _ are, not beginning with a digit"),
            ("=x", "line 1: \"\" is no name: letters, digits and _ are, not beginning with a digit"),
            ("A=1\n\nA=2", "line 3: A is set on line 1 already"),
        ])
    func `A bad line is refused with its number`(text: String, message: String) {
        #expect(complaint("serve --data d", dotEnv: text) == "martlet serve: .env, " + message)
    }
}
