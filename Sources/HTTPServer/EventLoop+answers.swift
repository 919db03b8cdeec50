import CMicrohttpd
import Glibc

/// The three ways in which an answer leaves.
extension EventLoop {
    /// Hands the answer over to the library.
    func queueAnswer(_ exchange: Exchange, on connection: Connection, closing: Bool) -> MHD_Result {
        guard var response = exchange.answer.take() else { return .NO }
        if closing || isStopping { response.closesConnection = true }
        let status = response.status
        count(response, to: exchange)
        guard let handle = response.makeHandle() else { return .NO }
        let result = MHD_queue_response(connection.handle, UInt32(status), handle)
        MHD_destroy_response(handle)
        exchange.stage = .answered
        // This also counts what was acknowledged of earlier answers, which grants one more span at most. Asking now
        // would cost a system call for each answer.
        connection.node.pointee.progress = 0
        connection.enter(.response)
        return result
    }

    /// Answers before the body is read. Then the connection is closed, because the next request cannot be found.
    func answerAndClose(_ exchange: Exchange, on connection: Connection) -> MHD_Result {
        connection.lingers = exchange.framing.hasBody
        return queueAnswer(exchange, on: connection, closing: true)
    }

    /// Answers in the middle of a body that is too long to wait for.
    ///
    /// The library does not accept an answer at this point, so the bytes go to the socket directly.
    ///
    /// - Returns: the value that makes the library close the connection.
    func giveUp(_ exchange: Exchange, on connection: Connection) -> MHD_Result {
        if exchange.answer == nil {
            exchange.refuse(status: 413, type: "payload_too_large", "the body is too long")
        }
        guard let response = exchange.answer.take() else { return .NO }
        count(response, to: exchange)
        let message = response.serialized()
        send(
            connection.descriptor, message.bytes.baseAddress, message.count,
            Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
        connection.lingers = true
        exchange.stage = .answered
        return .NO
    }

    private func count(_ response: borrowing Response, to exchange: Exchange) {
        inbox.counters.count(status: response.status)
        if exchange.method != .head { inbox.counters.bodyBytes.add(response.length) }
    }
}
