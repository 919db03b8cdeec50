import CMicrohttpd
import Glibc

extension EventLoop {
    /// Closes connections whose clients have gone without the library noticing.
    ///
    /// 0.9.75 waits for the next edge after a read that did not fill its buffer. If the end came together with those
    /// bytes, there is no other edge, and the connection would stay until its deadline. So each connection that has
    /// waited for half a second is checked. Once is enough, because such an end comes with the last bytes; a body is
    /// checked as long as it lasts.
    func closeHungUp() {
        let until = now - min(now, 500)
        for phase in [ConnectionPhase.opening, .header, .idle] { closeHungUp(phase, after: lookedUntil, until: until) }
        closeHungUp(.body, after: 0, until: until)
        lookedUntil = until
    }

    private func closeHungUp(_ phase: ConnectionPhase, after: UInt64, until: UInt64) {
        var next = deadlines.newest(phase)
        while let node = next, node.pointee.since > after {
            next = node.pointee.previous
            if node.pointee.since <= until && Self.isHungUp(node.pointee.connection.descriptor) { cutOff(node) }
        }
    }

    /// Whether only the end is left to read. Bytes before the end are left for the library.
    static func isHungUp(_ descriptor: Int32) -> Bool {
        var byte: UInt8 = 0
        let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
        return count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)
    }
}
