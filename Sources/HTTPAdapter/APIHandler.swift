internal import Application
internal import Microblog
internal import Projections
internal import Threads

/// Answers the contract on one loop: finds the resource, checks the key, and lets the resource answer.
///
/// Queries are answered at once from one snapshot; commands suspend the exchange until their event is visible.
final class APIHandler: RequestHandler {
    let service: Service
    let reader: ViewReader
    private var waiting: [PendingAnswer] = []
    private var isCaughtUp = false

    init(_ service: Service) {
        self.service = service
        reader = ViewReader(service.martlet.views)
    }

    func plan(_ exchange: Exchange) -> BodyPlan {
        let resource = Resource(exchange.path)
        if resource.allows(exchange.method) {
            switch (resource, exchange.method) {
            case (.tweets, .post), (.accounts, .post), (.medias, .post): break
            default: return .none
            }
        }
        // Before a body is read: nobody has to send one in vain.
        do throws(APIError) {
            try check(resource, exchange.method)
            let limit = service.configuration.bodyLimit
            guard case .medias = resource else {
                try authenticate(exchange, at: nil)
                return .collect(limit: limit)
            }
            try authenticate(exchange, at: nil)
            let sink = try MediaSink(service.martlet.media)
            exchange.context = sink
            return .file(part: "file", limit: service.configuration.mediaLimit, sink: sink)
        } catch {
            refuse(exchange, resource, error)
            return .answered
        }
    }

    func handle(_ exchange: Exchange) {
        let resource = Resource(exchange.path)
        do throws(APIError) {
            try check(resource, exchange.method)
            if try waits(exchange) { return }
            try answer(exchange, resource)
        } catch {
            refuse(exchange, resource, error)
        }
    }

    func errorResponse(status: Int, type: StaticString, message: String) -> Response {
        service.error(APIError(status, "\(type)", message))
    }

    func tick() {
        reader.refresh()
        guard !waiting.isEmpty else { return }
        let now = ContinuousClock.now
        waiting.removeAll { !$0.isOpen(at: now) }
    }

    func rest() { reader.release() }

    /// Notes an answer that must come within the wait limit.
    func expect(_ answer: PendingAnswer) { waiting.append(answer) }

    /// The moment by which an answer that begins to wait now must have come.
    var deadline: ContinuousClock.Instant { .now + service.configuration.waitLimit }

    /// Lends the newest snapshot, and sorts what can go wrong with it.
    func read<Result>(_ body: (ViewSnapshot) throws -> Result) throws(APIError) -> Result {
        do {
            return try reader.read(body)
        } catch let error as APIError {
            throw error
        } catch {
            service.configuration.report("a query failed: \(error)")
            throw .unavailable("the read models cannot be read")
        }
    }

    /// Who calls.
    ///
    /// - Throws: 401 without a valid key, 429 when the account calls too often.
    @discardableResult
    func authenticate(_ exchange: Exchange, at snapshot: ViewSnapshot?) throws(APIError) -> AccountID {
        guard let key = exchange.headerBytes("api-key"), !key.isEmpty else {
            throw .unauthorized("the header api-key is missing or empty")
        }
        let hash = AccessKey.hash(UnsafeRawBufferPointer(key))
        let found: AccountID?
        if let snapshot {
            do { found = try snapshot.account(with: hash) } catch { throw .unavailable("\(error)") }
        } else {
            found = try read { try $0.account(with: hash) }
        }
        guard let account = found else { throw .unauthorized("the key in api-key is unknown or was revoked") }
        return account
    }

    /// - Throws: 429 when the account calls too often.
    func admit(_ account: AccountID) throws(APIError) {
        guard let limiter = service.limiter else { return }
        let now = Double(MonotonicClock.now()) / 1000
        guard limiter.admits(account, now: now) else {
            throw APIError(
                429, "too_many_requests",
                "more than \(limiter.perSecond) requests a second from this account; try again in 1 s", retryAfter: 1)
        }
    }

    private func check(_ resource: Resource, _ method: RequestMethod) throws(APIError) {
        if case .unknown = resource { throw .notFound("there is nothing at this path") }
        guard resource.allows(method) else {
            throw APIError(405, "method_not_allowed", "this path allows \(resource.allowed)")
        }
        if let past = service.martlet.past, method != .get, method != .head { throw APIError(past) }
        guard resource.needsKey || !resource.readModels.isEmpty else { return }
        if !isCaughtUp {
            isCaughtUp = service.martlet.isCaughtUp
            guard isCaughtUp else {
                throw .unavailable("the read models are being brought up to date; /readyz says when they are")
            }
        }
        let states = service.martlet.states
        guard states.isAnyStopped else { return }
        for model in [.accounts] + resource.readModels {
            guard let stopped = states.state(of: model) else { continue }
            // The tables of one that another version built need not be what this one reads.
            if resource.isForMending, !stopped.isBeingRebuilt { continue }
            throw .unavailable(
                stopped.isBeingRebuilt
                    ? "the read model \(model.name) is being rebuilt; try again later"
                    : "the read model \(model.name) has stopped; the operator finds why in /readyz")
        }
    }

    /// Puts the exchange off until the position that it asks for is visible.
    private func waits(_ exchange: Exchange) throws(APIError) -> Bool {
        guard let position = try exchange.wantedPosition(), position > service.position else { return false }
        let pending = PendingAnswer(exchange.suspend(), until: deadline) { [service] in
            service.error(.unavailable("position \(position) is not reached yet; the newest is \(service.position)"))
        }
        expect(pending)
        let ticket = service.martlet.visibility.when(position) { [service] isReached in
            pending.resume { exchange in
                if isReached { return exchange.handleAgain() }
                exchange.respond(service.error(.unavailable("position \(position) is not reached any more")))
            }
        }
        if let ticket { pending.onExpiry { [service] in service.martlet.visibility.cancel(ticket) } }
        return true
    }

    private func refuse(_ exchange: Exchange, _ resource: Resource, _ error: APIError) {
        var response = service.error(error)
        if error.status == 405 { response.add("Allow", resource.allowed) }
        exchange.respond(response)
    }
}
