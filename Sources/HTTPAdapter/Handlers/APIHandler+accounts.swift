internal import Application
internal import Microblog

extension APIHandler {
    /// The command that a `POST /admin/accounts` asks for.
    func registration(_ exchange: Exchange) throws(APIError) -> PlannedCommand {
        let account = try BodyReader.account(exchange.body)
        var role = Role.member
        if let text = account.role {
            guard let known = Role.allCases.first(where: { "\($0)" == text }) else {
                throw .unprocessable("role is \"\(text.prefix(64))\"; it must be member or admin")
            }
            role = known
        }
        let key = try key(account.key, exchange)
        do throws(Rejection) {
            let handle = try Handle(account.handle)
            let name = try DisplayName(account.name)
            return PlannedCommand(
                command: .registerAccount(RegisterAccount(handle: handle, name: name, role: role, key: key.hash)),
                answer: .account(handle: handle.description, name: name.text, role: role, key: key.text))
        } catch {
            throw APIError(.rejected(error))
        }
    }

    /// The key that was asked for, or a new one.
    private func key(_ text: String?, _ exchange: Exchange) throws(APIError) -> AccessKey {
        if let text {
            guard let key = AccessKey(text) else {
                throw .unprocessable("key must have 1 to \(AccessKey.longest) visible ASCII characters")
            }
            return key
        }
        // The key is not stored, and yet a repeated request must get the first answer again: so it follows from what only
        // this caller knows.
        guard let request = try exchange.idempotencyKey() else { return .generate() }
        return .derived(from: [exchange.header("api-key") ?? "", request])
    }
}
