import CMicrohttpd
import Glibc

/// The four callbacks of the library. They always run on the loop's thread, from `MHD_run` or `MHD_stop_daemon`.
extension EventLoop {
    func startDaemon(listener: Int32, connectionLimit: Int) -> OpaquePointer? {
        martlet_start_daemon(
            listener, UInt32(clamping: connectionLimit), Unmanaged.passUnretained(self).toOpaque(),
            { context, handle, place, event in
                let loop = EventLoop.from(context)
                if event == .CONNECTION_NOTIFY_STARTED {
                    place!.pointee = loop.open(handle!)
                } else {
                    loop.close(place!)
                }
            },
            { context, target, handle in
                EventLoop.from(context).beginRequest(handle!, target: target!)
            },
            { context, handle, path, method, version, data, count, place in
                let connection = Connection.from(place!.pointee)
                if let exchange = connection.exchange {
                    return EventLoop.from(context).proceed(exchange, on: connection, data, count!)
                }
                return EventLoop.from(context).beginExchange(
                    on: connection, path: path!, method: method!, version: version!)
            },
            { context, handle, place, code in
                guard let state = place!.pointee else { return }
                EventLoop.from(context).endRequest(Connection.from(state), handle!)
            })
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> EventLoop {
        Unmanaged<EventLoop>.fromOpaque(context!).takeUnretainedValue()
    }

    /// A connection was accepted.
    private func open(_ handle: OpaquePointer) -> UnsafeMutableRawPointer {
        let descriptor = martlet_connection_info(handle, .CONNECTION_INFO_CONNECTION_FD).pointee.connect_fd
        let connection = Connection(handle, descriptor: descriptor, loop: self, at: now)
        deadlines.add(connection.node, to: .opening, at: now)
        openCount += 1
        inbox.counters.accepted.add(1)
        return Unmanaged.passRetained(connection).toOpaque()
    }

    /// The library is about to close the socket.
    private func close(_ place: UnsafeMutablePointer<UnsafeMutableRawPointer?>) {
        guard let state = place.pointee else { return }
        place.pointee = nil
        let connection = Unmanaged<Connection>.fromOpaque(state).takeRetainedValue()
        if connection.lingers { lingering.add(connection.descriptor, at: now) }
        deadlines.remove(connection.node)
        openCount -= 1
        inbox.counters.closed.add(1)
    }

    /// A request line is in.
    private func beginRequest(
        _ handle: OpaquePointer, target: UnsafePointer<CChar>
    ) -> UnsafeMutableRawPointer? {
        let state = martlet_connection_info(handle, .CONNECTION_INFO_SOCKET_CONTEXT).pointee.socket_context
        let connection = Connection.from(state)
        connection.hasZeroByteInTarget = strstr(target, "%00") != nil
        connection.enter(.header)
        return state
    }

    /// A request has ended: its answer is sent, or the connection is lost.
    private func endRequest(_ connection: Connection, _ handle: OpaquePointer) {
        let exchange = connection.exchange.take()
        if exchange?.stage != .answered,
            let status = martlet_connection_info(handle, .CONNECTION_INFO_HTTP_STATUS)
        {
            // The library has answered by itself: 431, or 400 in the middle of a malformed body.
            inbox.counters.count(status: Int(status.pointee.http_status))
            connection.lingers = true
        }
        exchange?.end()
        connection.enter(.idle)
        if isStopping && connection.node.pointee.phase != .ending { cutOff(connection.node) }
    }
}

extension Connection {
    static func from(_ state: UnsafeMutableRawPointer?) -> Connection {
        Unmanaged<Connection>.fromOpaque(state!).takeUnretainedValue()
    }
}
