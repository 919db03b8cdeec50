internal import Application
internal import Microblog
internal import Projections

extension APIHandler {
    /// Answers a request that may be made here, or suspends it.
    func answer(_ exchange: Exchange, _ resource: Resource) throws(APIError) {
        guard resource.needsKey else { return try answerAnyone(exchange, resource) }
        if case .medias = resource, try stores(exchange) { return }
        // One snapshot for the key, the rate and the query: an answer is one moment.
        let command = try read { snapshot -> (command: PlannedCommand, caller: AccountID)? in
            let caller = try authenticate(exchange, at: snapshot)
            try admit(caller)
            if exchange.method == .get || exchange.method == .head {
                try query(exchange, resource, QueryContext(snapshot: snapshot, caller: caller))
                return nil
            }
            if case .replay = resource {
                try replay(exchange, QueryContext(snapshot: snapshot, caller: caller))
                return nil
            }
            return (try plan(exchange, resource, caller, snapshot), caller)
        }
        if let command { try execute(command.command, by: command.caller, exchange) }
    }

    private func answerAnyone(_ exchange: Exchange, _ resource: Resource) throws(APIError) {
        switch resource {
        case .health: exchange.respond(service.json(200, "{\"result\":true}"))
        case .readiness: exchange.respond(service.readiness())
        case .metrics: exchange.respond(service.metrics())
        case .description: exchange.respond(service.document(.description))
        case .documentation: exchange.respond(service.document(.documentation))
        case .media: try answerMedia(exchange)
        default: try answerPage(exchange)
        }
    }
}
