internal import Application
internal import Microblog
internal import Projections

extension APIHandler {
    /// - Throws: 403 unless the account is an administrator's.
    func requireAdmin(_ caller: AccountID, _ snapshot: ViewSnapshot) throws {
        guard try snapshot.account(caller)?.role == .admin else {
            throw APIError(403, "forbidden", "only an account with the role admin may do this")
        }
    }

    /// Answers how the projectors are doing.
    func projectors(_ exchange: Exchange, _ context: QueryContext) throws {
        try requireAdmin(context.caller, context.snapshot)
        let martlet = service.martlet
        var buffer = ResponseBuffer(capacity: 2048)
        buffer.append("{\"result\":true,\"log\":")
        let newest = martlet.newest
        buffer.append("{\"position\":")
        buffer.append(decimal: newest.position)
        buffer.append(",\"time\":")
        if newest.position > 0 { buffer.append(jsonTime: newest.time.milliseconds) } else { buffer.append("null") }
        buffer.append("},\"projectors\":[")
        for (index, projector) in martlet.projectors.enumerated() {
            if index > 0 { buffer.append(",") }
            buffer.append(projector)
        }
        buffer.append("],\"rebuild\":")
        buffer.append(martlet.rebuildStatus)
        buffer.append("}")
        exchange.respond(service.json(200, buffer, position: try context.snapshot.position()))
    }

    /// Begins a rebuild of the read models and answers how it stands.
    func replay(_ exchange: Exchange, _ context: QueryContext) throws {
        try requireAdmin(context.caller, context.snapshot)
        do throws(RebuildRefusal) {
            try service.martlet.beginRebuild()
        } catch {
            throw APIError(error)
        }
        var buffer = ResponseBuffer(capacity: 256)
        buffer.append("{\"result\":true,\"rebuild\":")
        buffer.append(service.martlet.rebuildStatus)
        buffer.append("}")
        exchange.respond(service.json(202, buffer, position: try context.snapshot.position()))
    }
}
