import CMicrohttpd
import Glibc

extension EventLoop {
    /// Closes connections whose clients have gone and whose end the library has missed.
    ///
    /// 0.9.75 waits for the next edge after a read that did not fill its buffer. When the end came together with those
    /// bytes there is no further edge, and the connection would stay until its deadline. So each one that has waited for
    /// half a second is looked at: once, since such an end comes with the last bytes, but bodies as long as they last.
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
            if node.pointee.since <= until && isHungUp(node.pointee.connection.descriptor) { cutOff(node) }
        }
    }

    /// Whether nothing is left to read but the end; bytes before it are still the library's to take.
    private func isHungUp(_ descriptor: Int32) -> Bool {
        var byte: UInt8 = 0
        let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
        return count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)
    }
}
