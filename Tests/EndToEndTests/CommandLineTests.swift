import ContractChecks
import Testing

extension EndToEnd {
    @Suite struct CommandLineTests {
        @Test func `What cannot be understood ends with 2, and says what and where help is`() async throws {
            try await Workspace.run { place in
                let wrong: [([String], String)] = [
                    ([], "a subcommand is needed"), (["nonsense"], "unknown subcommand \"nonsense\""),
                    (["serv"], "did you mean serve?"), (["account"], "create, rename, key, revoke"),
                    (["account", "creat"], "did you mean account create?"), (["--what"], "unknown option --what"),
                    (["serve"], "--data DIR is needed"), (["serve", "--data"], "--data needs a value"),
                    (["serve", "--data", "x", "--listen", "nowhere"], "--listen: \"nowhere\" is not"),
                    (["serve", "--data", "x", "--listen", "localhost:80"], "is not"),
                    (["serve", "--data", "x", "--loops", "0"], "--loops: \"0\" is not"),
                    (["serve", "--data", "x", "--wait", "5"], "--wait: \"5\" is not"),
                    (["serve", "--data", "x", "--handle-hold", "-1"], "--handle-hold: \"-1\" is not"),
                    (["serve", "--data", "x", "--name-cache", "many"], "--name-cache: \"many\" is not"),
                    (["serve", "--data", "x", "--dat", "y"], "did you mean --data?"),
                    (["serve", "--data", "x", "--data", "y"], "--data is given twice"),
                    (["serve", "--data", "x", "extra"], "unexpected argument \"extra\""),
                    (["account", "create", "--data", "x", "--handle", "a"], "--name NAME is needed"),
                    (["account", "create", "--data", "x", "--handle", "a", "--name", "a", "--role", "king"], "king"),
                    (["import", "--data", "x"], "FILE is needed"),
                    (["export", "--data", "x", "--from", "0"], "--from"),
                    (["digest"], "--data DIR is needed"), (["stats"], "--data DIR is needed"),
                    (["generate", "--commands", "none"], "--commands"),
                ]
                for (arguments, message) in wrong {
                    let outcome = try place.start(arguments).wait()
                    #expect(outcome.status == 2, "\(arguments)")
                    #expect(outcome.errors.contains(message), "\(arguments): \(outcome.errors)")
                    #expect(outcome.errors.contains("--help'"), "\(arguments): \(outcome.errors)")
                    #expect(outcome.output.isEmpty)
                }
            }
        }

        @Test func `Help and version end with 0 and go to standard output`() async throws {
            try await Workspace.run { place in
                #expect(try place.martlet("--version").output.wholeMatch(of: /martlet \d+\.\d+\.\d+\n/) != nil)
                let help = try place.martlet("--help")
                #expect(help.status == 0)
                let commands = [
                    "serve", "account create", "account rename", "account key", "account revoke", "import", "export",
                    "tail", "history", "digest", "stats", "generate",
                ]
                for command in commands {
                    #expect(help.output.contains(command))
                    let words = command.split(separator: " ").map { String($0) }
                    let page = try place.start(words + ["--help"]).wait()
                    #expect(page.status == 0)
                    #expect(page.output.contains("martlet \(command)"), "\(command)")
                    #expect(page.errors.isEmpty)
                }
            }
        }

        @Test func `A data directory that is not there ends with 1, and says how one is made`() async throws {
            try await Workspace.run { place in
                let commands = [
                    ["serve", "--listen", "127.0.0.1:0"], ["account", "key", "--handle", "ann"],
                    ["account", "revoke", "--key", "k"], ["export"], ["tail"],
                    ["history", "post/1"], ["digest"], ["stats"],
                ]
                for command in commands {
                    let outcome = try place.start(command + ["--data", place.data]).wait()
                    #expect(outcome.status == 1, "\(command)")
                    #expect(outcome.errors.contains("there is no data directory \(place.data)"), "\(outcome.errors)")
                    #expect(outcome.errors.contains("martlet account create"))
                }
                let deep = place.path + "/no/such/place"
                let outcome = try place.martlet("account", "create", "--data", deep, "--handle", "a", "--name", "a")
                #expect(outcome.status == 1)
                #expect(outcome.errors.contains(deep))
                let file = try place.write("file", "text")
                let onFile = try place.martlet("digest", "--data", file)
                #expect(onFile.status == 1)
                #expect(onFile.errors.contains(file))
            }
        }

        @Test func `A data directory in use ends with 1, and names the process that has it`() async throws {
            try await Workspace.run { place in
                try place.account("ann")
                let server = try place.serve()
                let commands = [
                    ["serve", "--listen", "127.0.0.1:0"], ["account", "create", "--handle", "bob", "--name", "b"],
                    ["account", "key", "--handle", "ann"], ["account", "revoke", "--key", "k"], ["stats"],
                    ["import", "/dev/null"],
                ]
                for command in commands {
                    let outcome = try place.start(command + ["--data", place.data]).wait()
                    #expect(outcome.status == 1, "\(command)")
                    #expect(outcome.errors.contains("in use by process \(server.process.id);"), "\(outcome.errors)")
                }
                #expect(try server.connect("key-ann").call("GET", "/api/users/me").status == 200)
                #expect(try server.stop().status == 0)
                #expect(try place.martlet("digest", "--data", place.data).status == 0)
            }
        }

        @Test func `A port in use, and a front end that is not one, end with 1`() async throws {
            try await Workspace.run { place in
                try place.account("ann")
                let server = try place.serve()
                let other = place.path + "/other"
                _ = try place.martlet("account", "create", "--data", other, "--handle", "a", "--name", "a")
                let taken = try place.martlet("serve", "--data", other, "--listen", "127.0.0.1:\(server.port)")
                #expect(taken.status == 1)
                #expect(taken.errors.contains("\(server.port)"), "\(taken.errors)")
                let noPage = try place.martlet(
                    "serve", "--data", other, "--listen", "127.0.0.1:0", "--web-root", place.path)
                #expect(noPage.status == 1)
                #expect(noPage.errors.contains("index.html"))
            }
        }
    }
}
