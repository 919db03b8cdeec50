import CMicrohttpd
import Glibc

/// The way of a request through the loop: it begins, its body comes in, it is handled and answered.
extension EventLoop {
    /// The header is complete.
    ///
    /// If an answer is queued here, the library closes the connection afterwards, because it has not read the body. So
    /// answers wait for the next call, unless the connection should close. A request without a body is begun in that
    /// call, where it may suspend too.
    func beginExchange(
        on connection: Connection, path: UnsafePointer<CChar>, method: UnsafePointer<CChar>,
        version: UnsafePointer<CChar>
    ) -> MHD_Result {
        inbox.counters.requests.add(1)
        var framing = Framing()
        MHD_get_connection_values_n(connection.handle, .HEADER_KIND, Framing.visit, &framing)
        let exchange = Exchange(
            .connection(connection), method: RequestMethod(method), path: RequestPath.bytes(of: path), framing: framing,
            on: self)
        connection.exchange = exchange
        if let fault = fault(in: framing, connection, version) {
            exchange.refuse(status: 400, type: "bad_request", fault.rawValue)
            return answerAndClose(exchange, on: connection)
        }
        if framing.hasBody { return receiveBody(of: exchange, on: connection) }
        return .YES
    }

    /// A piece of the body has come in, or the request is complete, or a suspended one goes on.
    func proceed(
        _ exchange: Exchange, on connection: Connection, _ data: UnsafePointer<CChar>?,
        _ count: UnsafeMutablePointer<Int>
    ) -> MHD_Result {
        guard exchange.stage != .abandoned else { return .NO }
        if count.pointee > 0 {
            let bytes = UnsafeRawBufferPointer(start: data, count: count.pointee)
            count.pointee = 0
            return exchange.receive(bytes) ? .YES : giveUp(exchange, on: connection)
        }
        switch exchange.stage {
        case .planning: exchange.begin()
        case .receiving: exchange.complete()
        default: break
        }
        if exchange.stage == .suspended {
            connection.enter(.suspended)
            MHD_suspend_connection(connection.handle)
            return .YES
        }
        if exchange.answer == nil { exchange.fail("the request was not answered") }
        return queueAnswer(exchange, on: connection, closing: false)
    }

    private func fault(
        in framing: Framing, _ connection: Connection, _ version: UnsafePointer<CChar>
    ) -> Framing.Fault? {
        if connection.hasZeroByteInTarget { return .zeroByteInTarget }
        return framing.fault(isVersion11: strcmp(version, "HTTP/1.0") != 0)
    }

    private func receiveBody(of exchange: Exchange, on connection: Connection) -> MHD_Result {
        connection.node.pointee.progress = 0
        connection.enter(.body)
        exchange.prepare(handler.begin(exchange))
        let length = exchange.framing.length ?? 0
        if exchange.answer != nil && (exchange.framing.expectsContinue || length > configuration.drainLimit) {
            return answerAndClose(exchange, on: connection)
        }
        return .YES
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
