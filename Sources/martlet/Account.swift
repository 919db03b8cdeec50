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
    fileprivate static var newName: Parameter {
        .option("name", .text("NAME"), help: "the new name that people see; the old one stays by default")
    }
    fileprivate static var newHandle: Parameter {
        .option("new-handle", .text("HANDLE"), help: "the new handle; the old one stays by default")
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
            parameters: .data, .masterKey, .handle, .name, .key, .role, .handleHold
        ) { options in
            let key = try accessKey(options.optionalValue(.key))
            let role: Role = try options.value(.role) == .admin ? .admin : .member
            let handle = try Handle(options.value(.handle))
            let name = try DisplayName(options.value(.name))
            let martlet = try Martlet(options.dataDirectory(create: true), configuration(options))
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

    static var accountRename: Subcommand {
        Subcommand(
            "account rename", summary: "give an account another name, another handle, or both",
            discussion: """
                Prints the account as JSON, as it is afterwards. Others can take the old handle when --handle-hold is over;
                the account itself can have it back before that.
                """,
            parameters: .data, .masterKey, .handle, .newName, .newHandle, .handleHold
        ) { options in
            let old = try Handle(options.value(.handle))
            let name = try options.optionalValue(.newName).map { try DisplayName($0) }
            let handle = try options.optionalValue(.newHandle).map { try Handle($0) }
            guard name != nil || handle != nil else {
                throw Failure("there is nothing to change for \(old); give --name, --new-handle, or both")
            }
            let martlet = try Martlet(options.dataDirectory(), configuration(options))
            let id = try await account(old, martlet)
            let outcome = await execute(
                .changeAccount(ChangeAccount(account: id, name: name, handle: handle)), martlet)
            let names = try martlet.query { snapshot in
                try snapshot.account(id).map {
                    (handle: String(decoding: $0.handle, as: UTF8.self), name: String(decoding: $0.name, as: UTF8.self))
                }
            }
            try await martlet.close()
            _ = try outcome.get()
            guard let names else { throw Failure("the account \(id) is not among the read models") }
            var json = JSONObject()
            json.add("id", id.rawValue)
            json.add("handle", names.handle)
            json.add("name", names.name)
            try Console.result(json.line)
        }
    }

    static var accountKey: Subcommand {
        Subcommand(
            "account key", summary: "give an account a further key",
            discussion: "Prints the account and the key as JSON. Keys that it has stay valid until they are revoked.",
            parameters: .data, .masterKey, .handle, .key
        ) { options in
            let key = try accessKey(options.optionalValue(.key))
            let handle = try Handle(options.value(.handle))
            let martlet = try Martlet(options.dataDirectory())
            let id = try await account(handle, martlet)
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
            parameters: .data, .masterKey, .revoked
        ) { options in
            let key = try accessKey(options.value(.revoked))
            let martlet = try Martlet(options.dataDirectory())
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

/// What the rules need to know to judge handles.
private func configuration(_ options: OptionValues) throws -> MartletConfiguration {
    var configuration = MartletConfiguration()
    configuration.limits = Limits(handleHold: try options.handleHold())
    return configuration
}

/// The account that has a handle now; closes the directory if there is none.
private func account(_ handle: Handle, _ martlet: Martlet) async throws -> AccountID {
    await martlet.catchUp()
    guard let id = try martlet.query({ try $0.account(with: handle) }) else {
        try await martlet.close()
        throw Failure("there is no account with the handle \(handle)")
    }
    return id
}

private func execute(_ command: Command, _ martlet: Martlet) async -> Result<CommandOutcome, CommandFailure> {
    do throws(CommandFailure) {
        return .success(try await martlet.execute(command, by: .operator))
    } catch {
        return .failure(error)
    }
}
