import Application
import CommandLineOptions
import JSON
import Microblog
import Projections

extension Parameter where Value == String {
    fileprivate static var handle: Parameter {
        .option(
            "handle", .text("HANDLE"), isRequired: true,
            help: "the account's unique name: 1 to 30 of a-z, 0-9, '_', '.' and '-'")
    }
    fileprivate static var name: Parameter {
        .option("name", .text("NAME"), isRequired: true, help: "the name that people see")
    }
    fileprivate static var key: Parameter {
        .option("key", .text("KEY"), isSecret: true, help: "the access key; a new random one by default")
    }
    fileprivate static var revoked: Parameter {
        .option("key", .text("KEY"), isRequired: true, isSecret: true, help: "the access key to revoke")
    }
}

extension Parameter where Value == RoleName {
    fileprivate static var role: Parameter {
        .option("role", .choice(), default: "member", help: "an admin may make accounts over HTTP")
    }
}

/// The roles as they are written on the command line.
enum RoleName: String, CaseIterable, Sendable {
    case member, admin
}

extension Subcommand {
    static var accountCreate: Subcommand {
        Subcommand(
            "account create", summary: "make an account",
            discussion: "Prints the account as JSON, with its key: that is shown this once, only its hash is kept.",
            parameters: .data, .handle, .name, .key, .role
        ) { options in
            let key = try accessKey(options.optionalValue(.key))
            let role: Role = try options.value(.role) == .admin ? .admin : .member
            let handle = try Handle(options.value(.handle))
            let name = try DisplayName(options.value(.name))
            let martlet = try Martlet(DataDirectory(options.value(.data), create: true))
            let outcome = await execute(
                .registerAccount(RegisterAccount(handle: handle, name: name, role: role, key: key.hash)), martlet)
            try await martlet.close()
            guard case .event(let id) = try outcome.get() else { throw Failure("the account was not made") }
            var json = JSONObject()
            json.add("id", id)
            json.add("handle", handle.description)
            json.add("name", name.text)
            json.add("key", key.text)
            try Console.result(json.line)
        }
    }

    static var accountKey: Subcommand {
        Subcommand(
            "account key", summary: "give an account a further key",
            discussion: "Prints the account and the key as JSON. Keys that it has stay valid until they are revoked.",
            parameters: .data, .handle, .key
        ) { options in
            let key = try accessKey(options.optionalValue(.key))
            let handle = try Handle(options.value(.handle))
            let martlet = try Martlet(DataDirectory(options.value(.data), create: false))
            await martlet.catchUp()
            guard let id = try martlet.query({ try $0.account(with: handle) }) else {
                try await martlet.close()
                throw Failure("there is no account with the handle \(handle)")
            }
            let outcome = await execute(.issueKey(IssueKey(account: id, key: key.hash)), martlet)
            try await martlet.close()
            _ = try outcome.get()
            var json = JSONObject()
            json.add("id", id.rawValue)
            json.add("handle", handle.description)
            json.add("key", key.text)
            try Console.result(json.line)
        }
    }

    static var accountRevoke: Subcommand {
        Subcommand(
            "account revoke", summary: "end an access key for good",
            discussion: "The key acts for nobody any more and can never be issued again.",
            parameters: .data, .revoked
        ) { options in
            let key = try accessKey(options.value(.revoked))
            let martlet = try Martlet(DataDirectory(options.value(.data), create: false))
            let outcome = await execute(.revokeKey(RevokeKey(key.hash)), martlet)
            try await martlet.close()
            _ = try outcome.get()
            Console.note("the key is revoked")
        }
    }
}

private func accessKey(_ text: String?) throws -> AccessKey {
    guard let text else { return .generate() }
    guard let key = AccessKey(text) else {
        throw Failure("a key has 1 to \(AccessKey.longest) visible ASCII characters without spaces")
    }
    return key
}

private func execute(_ command: Command, _ martlet: Martlet) async -> Result<CommandOutcome, CommandFailure> {
    do throws(CommandFailure) {
        return .success(try await martlet.execute(command, by: .operator))
    } catch {
        return .failure(error)
    }
}
