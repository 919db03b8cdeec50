import CMicrohttpd
import Glibc

/// The way of a request through the loop: admitted, its body received, handled, answered.
extension EventLoop {
    /// The header is complete.
    ///
    /// An answer queued here makes the library close the connection afterwards, since it has not read the body. So
    /// answers wait for the next call, unless closing is wanted.
    func admit(
        _ connection: Connection, path: UnsafePointer<CChar>, method: UnsafePointer<CChar>,
        version: UnsafePointer<CChar>
    ) -> MHD_Result {
        face.counters.requests.add(1)
        var framing = Framing()
        MHD_get_connection_values_n(connection.handle, .HEADER_KIND, Framing.visit, &framing)
        let exchange = Exchange(
            connection, method: RequestMethod(method), path: RequestPath.bytes(of: path), framing: framing)
        connection.exchange = exchange
        if let fault = fault(in: framing, connection, version) {
            exchange.refuse(status: 400, type: "bad_request", fault.rawValue)
            return answerAndClose(exchange)
        }
        let plan = handler.plan(exchange)
        if framing.hasBody { return receiveBody(of: exchange, plan) }
        exchange.begin(intake(for: plan, exchange))
        return .YES
    }

    /// A piece of the body has come in, or the request is complete, or a suspended one goes on.
    func proceed(
        _ exchange: Exchange, _ data: UnsafePointer<CChar>?, _ count: UnsafeMutablePointer<Int>
    ) -> MHD_Result {
        guard exchange.stage != .abandoned else { return .NO }
        if count.pointee > 0 {
            let bytes = UnsafeRawBufferPointer(start: data, count: count.pointee)
            count.pointee = 0
            return exchange.receive(bytes) ? .YES : giveUp(exchange)
        }
        if exchange.stage == .receiving {
            exchange.completeBody()
            exchange.stage = .handling
            if exchange.answer == nil { handler.handle(exchange) }
        }
        if exchange.stage == .suspended {
            exchange.connection.enter(.suspended)
            MHD_suspend_connection(exchange.connection.handle)
            return .YES
        }
        if exchange.answer == nil { exchange.fail("the request was not answered") }
        return queueAnswer(exchange, closing: false)
    }

    private func fault(
        in framing: Framing, _ connection: Connection, _ version: UnsafePointer<CChar>
    ) -> Framing.Fault? {
        if connection.hasZeroByteInTarget { return .zeroByteInTarget }
        return framing.fault(isVersion11: strcmp(version, "HTTP/1.0") != 0)
    }

    private func receiveBody(of exchange: Exchange, _ plan: BodyPlan) -> MHD_Result {
        exchange.connection.node.pointee.progress = 0
        exchange.connection.enter(.body)
        let intake = intake(for: plan, exchange)
        exchange.begin(intake)
        let length = exchange.framing.length ?? 0
        if exchange.answer != nil && (exchange.framing.expectsContinue || length > configuration.drainLimit) {
            return answerAndClose(exchange)
        }
        return .YES
    }

    private func intake(for plan: BodyPlan, _ exchange: Exchange) -> BodyIntake {
        let length = exchange.framing.length ?? 0
        switch plan {
        case .answered:
            if exchange.answer == nil { exchange.fail("the request was not answered") }
        case .none:
            refuseLongBody(exchange, above: configuration.drainLimit)
        case .collect(let limit):
            if length <= limit { return .collect(limit: limit) }
            refuseLongBody(exchange, above: limit)
        case .file(let part, let limit, let sink):
            let handle = exchange.connection.handle
            if length <= limit + UploadReceiver.overhead {
                guard exchange.isMultipart else {
                    return .file(UploadReceiver(notMultipart: sink, limit: limit, drainLimit: configuration.drainLimit))
                }
                return .file(
                    UploadReceiver(handle, part: part, limit: limit, sink: sink, drainLimit: configuration.drainLimit))
            }
            sink.cancel()
            refuseLongBody(exchange, above: limit)
        }
        return .discard(left: configuration.drainLimit)
    }

    private func refuseLongBody(_ exchange: Exchange, above limit: Int) {
        guard exchange.framing.length ?? 0 > limit else { return }
        exchange.refuse(status: 413, type: "payload_too_large", "the body is longer than \(limit) bytes")
    }
}

extension Framing {
    static let visit: MHD_KeyValueIteratorN = { context, _, name, nameCount, value, valueCount in
        guard let name else { return .YES }
        let nameBytes = UnsafeRawPointer(name).assumingMemoryBound(to: UInt8.self)
        let valueBytes = UnsafeRawPointer(value ?? name).assumingMemoryBound(to: UInt8.self)
        context!.assumingMemoryBound(to: Framing.self).pointee.note(
            name: UnsafeBufferPointer(start: nameBytes, count: nameCount),
            value: UnsafeBufferPointer(start: valueBytes, count: value == nil ? 0 : valueCount))
        return .YES
    }
}

extension Exchange {
    /// Whether the body says that it is a `multipart/form-data` form.
    var isMultipart: Bool {
        headerBytes("Content-Type")?.hasPrefix(caseless: "multipart/form-data") ?? false
    }
}
