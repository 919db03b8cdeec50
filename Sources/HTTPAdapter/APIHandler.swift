internal import Application
internal import HTTPServer
internal import Microblog
internal import Projections
internal import Threads

/// Answers the contract on one loop: finds the row, checks what it asks for, and lets its action answer.
///
/// Queries are answered at once from one snapshot; commands suspend the exchange until their event is visible.
final class APIHandler: RequestHandler {
    let service: Service
    private let table = RouteTable.shared
    private let reader: ViewReader
    private let inbox: LoopInbox
    private var waiting: [PendingAnswer] = []
    /// The commands of this turn of the loop.
    private var turn: CommandTurn?
    /// Those of earlier turns that are not all answered.
    private var turnsUnderWay: [CommandTurn] = []
    private var isCaughtUp = false

    init(_ service: Service, _ inbox: LoopInbox) {
        self.service = service
        self.inbox = inbox
        let configuration = service.configuration
        reader = service.martlet.makeReader(
            nameMemory: configuration.nameMemory / max(1, configuration.server.loops), feeds: service.feeds)
    }

    func begin(_ exchange: Exchange) -> BodyPlan {
        // 1. Where the path leads.
        let match = table.match(exchange.path)
        guard let resource = match.resource, exists(resource, exchange) else {
            if Options.isForServer(exchange) { return Options.answer(exchange, service) }
            exchange.respond(service.error(nothing(at: exchange)))
            return .done
        }
        guard let route = resource.route(for: exchange.method) else {
            if exchange.method == .options {
                return Options.answer(exchange, service, allowed: resource.allowed)
            }
            var response = service.error(
                APIError(405, "method_not_allowed", "this path allows \(resource.allowed)"))
            response.add("Allow", string: resource.allowed)
            exchange.respond(response)
            return .done
        }
        let call = Call(exchange: exchange, route: route, ids: match.ids, handler: self)
        // 2. The body, if there is one, and before it who sends it. Nobody without a key makes us read one.
        if route.wantsBody || (exchange.hasBody && route.needsKey) { return takeBody(call) }
        if exchange.hasBody { return .discard { [self] _ in proceed(call) } }
        proceed(call)
        return .done
    }

    func errorResponse(status: Int, type: StaticString, message: String) -> Response {
        service.error(APIError(status, "\(type)", message, limit: status == 413 ? .bodySize : nil))
    }

    func finish(_ response: inout Response, for exchange: Exchange) {
        // No page in a browser reaches the control socket.
        if exchange.peer.isLocal { return }
        service.configuration.allowedOrigins?.permit(&response, exchange)
    }

    /// The error for a path where there is nothing.
    func nothing(at exchange: Exchange) -> APIError { NearbyPath(exchange.path, table, service.webRoot).error }

    /// Whether there is something at a path. A page is looked for here unless the action of GET will do so itself.
    private func exists(_ resource: Resource, _ exchange: Exchange) -> Bool {
        guard resource === table.elsewhere, exchange.method != .get, exchange.method != .head else { return true }
        return WebRoot.hasPage(exchange.path, service.webRoot)
    }

    func tick() {
        reader.refresh()
        guard !waiting.isEmpty || !turnsUnderWay.isEmpty else { return }
        let now = ContinuousClock.now
        waiting.removeAll { !$0.isOpen(at: now) }
        for turn in turnsUnderWay { turn.expire(at: now) }
        turnsUnderWay.removeAll(where: \.isDone)
    }

    func willWait() {
        reader.release()
        if let turn = turn.take() { handOver(turn) }
    }

    /// Lends the newest snapshot, and turns failures of reading into error answers.
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

    /// Goes on with a query that was suspended, over the newest snapshot.
    func goOn(_ call: Call, by caller: Issuer, _ answer: (Query) throws -> Void) {
        do throws(APIError) {
            try checkReadiness(call)
            try read { try answer(Query(call: call, snapshot: $0, caller: caller)) }
        } catch {
            call.exchange.respond(service.error(error))
        }
    }

    private func takeBody(_ call: Call) -> BodyPlan {
        do throws(APIError) {
            try checkReadiness(call)
            let caller = try read { try admit(call, $0) }
            guard call.route.wantsBody else { return .discard { [self] _ in proceed(call, by: caller) } }
            try call.exchange.checkContentEncoding()
            guard case .upload = call.route.action else {
                return .collect(limit: call.route.body.limit(service)) { [self] _ in proceed(call, by: caller) }
            }
            let sink = try MediaSink(service)
            return .file(part: "file", limit: service.configuration.mediaLimit, sink: sink) { [self] _ in
                proceed(call, by: caller, with: sink)
            }
        } catch {
            call.exchange.respond(service.error(error))
            return .done
        }
    }

    /// Goes on when the whole request has come in.
    ///
    /// - Parameter caller: who calls, if known. A key that was revoked while the body came in still counts.
    func proceed(_ call: Call, by caller: Issuer? = nil, with sink: MediaSink? = nil) {
        do throws(APIError) {
            try checkReadiness(call)
            var caller = caller
            if call.route.waits, call.exchange.headerBytes("Martlet-Wait") != nil {
                // A missing key comes before a bad position.
                if caller == nil, call.route.needsKey { caller = try read { try admit(call, $0) } }
                if try waitForPosition(call, caller, sink) { return }
            }
            try perform(call, caller, sink)
        } catch {
            call.exchange.respond(service.error(error))
        }
    }

    /// 3. Answers, or suspends the exchange until there is an answer.
    private func perform(_ call: Call, _ known: Issuer?, _ sink: MediaSink?) throws(APIError) {
        switch call.route.action {
        case .open(let answer):
            try service.admission.checkRoom(for: nil, call.exchange)
            try answer(call)
        case .query(let answer):
            // One snapshot for the key, the permission and the query: an answer is one moment.
            try read { snapshot in
                let caller = try identify(call, known, snapshot)
                try answer(Query(call: call, snapshot: snapshot, caller: caller))
            }
        case .command(let order):
            let caller = try read { try identify(call, known, $0) }
            let write = Write(call: call, caller: caller)
            try execute(try order(write), write)
        case .upload(let order):
            guard let sink else { throw .unprocessable("the part \"file\" is missing") }
            guard let file = sink.stored else { return try store(sink, call, by: known) }
            let caller = try read { try identify(call, known, $0) }
            try execute(order(file), Write(call: call, caller: caller))
        }
    }

    /// Suspends the exchange until the command's event is visible, or until it is clear that there will be none.
    private func execute(_ order: Order, _ write: Write) throws(APIError) {
        let key = try write.exchange.idempotencyKey()
        let turn = turn ?? CommandTurn(until: .now + service.configuration.waitLimit)
        turn.add(order, write, idempotencyKey: key)
        self.turn = turn
    }

    /// Hands over the commands of a turn.
    private func handOver(_ turn: CommandTurn) {
        turnsUnderWay.append(turn)
        let carried = Carried((turn, self))
        service.martlet.execute(turn.requests) { [inbox] answers in
            inbox.post {
                let (turn, handler) = carried.value
                turn.answer(answers)
                // Mostly the oldest.
                guard turn.isDone else { return }
                if let index = handler.turnsUnderWay.firstIndex(where: { $0 === turn }) {
                    handler.turnsUnderWay.remove(at: index)
                }
            }
        }
    }

    /// How far ahead of the newest position a request may ask to wait. Beyond it the client must be mistaken.
    private static let farthestWait: UInt64 = 100_000

    /// Suspends the exchange until the position that the request asks for is visible. It holds a connection for so long,
    /// so only who has shown a key may do it, also where no key is needed.
    ///
    /// - Returns: whether there is something to wait for.
    private func waitForPosition(
        _ call: Call, _ known: Issuer?, _ sink: MediaSink?
    ) throws(APIError) -> Bool {
        guard let position = try call.exchange.wantedPosition(), position > service.position else { return false }
        var caller = known
        if caller == nil {
            try checkReadiness(call, needs: [.accounts])
            caller = try read { try admit(call, $0) }
        }
        let newest = service.martlet.newest.position
        guard position <= newest + Self.farthestWait else {
            throw APIError(
                422, "unprocessable",
                "Martlet-Wait is \(position), more than \(Self.farthestWait) beyond the newest position, \(newest)",
                limit: .waitAhead)
        }
        let pending = suspend(call) { [service] in
            var error = APIError.unavailable(
                "position \(position) is not reached yet; the newest is \(service.position)")
            error.limit = .waitTime
            return error
        }
        let carried = Carried((call, caller, sink))
        let ticket = service.martlet.whenVisible(position) { [service] isReached in
            pending.resume { exchange in
                let (call, caller, sink) = carried.value
                if isReached { return call.handler.proceed(call, by: caller, with: sink) }
                exchange.respond(service.error(.unavailable("position \(position) is not reached any more")))
            }
        }
        if let ticket { pending.onExpiry { [service] in service.martlet.stopWaiting(ticket) } }
        return true
    }

    /// Suspends the exchange, for the wait limit at most.
    ///
    /// - Parameter expired: makes the answer when time runs out.
    private func suspend(_ call: Call, _ expired: @escaping @Sendable () -> APIError) -> PendingAnswer {
        let deadline = ContinuousClock.now + service.configuration.waitLimit
        let pending = PendingAnswer(call.exchange.suspend(), until: deadline) { [service] in service.error(expired()) }
        waiting.append(pending)
        return pending
    }

    private func checkReadiness(_ call: Call) throws(APIError) { try checkReadiness(call, needs: call.route.needs) }

    private func checkReadiness(_ call: Call, needs: [ReadModel]) throws(APIError) {
        let (route, method, martlet) = (call.route, call.exchange.method, service.martlet)
        if let past = martlet.past, method != .get, method != .head { throw APIError(past) }
        guard !needs.isEmpty else { return }
        if !isCaughtUp {
            isCaughtUp = martlet.isCaughtUp
            guard isCaughtUp else {
                throw .unavailable("the read models are being brought up to date; /readyz says when they are")
            }
        }
        guard martlet.isAnyStopped else { return }
        for model in needs {
            guard let stopped = martlet.stopped(model) else { continue }
            // Another version may have built the tables of such a model, in a layout that this version does not read. The
            // operator has no key to be looked up in them.
            if route.isForMending, !stopped.isBeingRebuilt || call.exchange.peer.isLocal { continue }
            throw .unavailable(
                stopped.isBeingRebuilt
                    ? "the read model \(model.name) is being rebuilt; try again later"
                    : "the read model \(model.name) has stopped; the operator finds why in /readyz")
        }
    }

    /// Who calls, and whether that account may do this.
    ///
    /// - Parameter known: the caller, if it was admitted before.
    /// - Throws: as ``admit(_:_:)``, and 403 without the permission.
    private func identify(_ call: Call, _ known: Issuer?, _ snapshot: ViewSnapshot) throws -> Issuer {
        let caller = try known ?? admit(call, snapshot)
        if case .admin = call.route.permission, let account = caller.accountID {
            guard try snapshot.account(account)?.role == .admin else {
                throw APIError(403, "forbidden", "only an account with the role admin may do this")
            }
        }
        return caller
    }

    /// Who calls, and whether that account may call now. Once for each request.
    ///
    /// Over the control socket it is the operator, whatever key is sent: who can open the socket could as well change the
    /// files. No limit holds for the operator.
    ///
    /// - Throws: 403 when the operator calls what is for accounts only, 401 without a valid key, 429 when the account calls too often or too many wrong keys came from its
    ///   address.
    private func admit(_ call: Call, _ snapshot: ViewSnapshot) throws -> Issuer {
        let (exchange, admission) = (call.exchange, service.admission)
        guard !exchange.peer.isLocal else {
            if case .account = call.route.permission { throw APIError.noAccount }
            return .operator
        }
        guard let key = try exchange.soleHeader("api-key"), !key.isEmpty else {
            throw APIError.unauthorized("the header api-key is missing or empty")
        }
        try admission.checkAddress(of: exchange)
        guard let account = try snapshot.account(with: AccessKey.hash(UnsafeRawBufferPointer(key))) else {
            admission.countWrongKey(exchange)
            throw APIError.unauthorized("the key in api-key is unknown or was revoked")
        }
        try admission.countRequest(of: account, exchange)
        try admission.checkRoom(for: account, exchange)
        return .account(account)
    }
}
