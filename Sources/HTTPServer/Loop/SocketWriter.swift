internal import CLinux
import Glibc

/// Writes to a connected socket, as much as it takes without waiting.
struct SocketWriter: ByteWriter {
    let descriptor: Int32

    /// The most bytes of a file that are sent in one call, so that others get their turn.
    private static let mostOfFile = 1 << 20

    func write(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Int {
        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        while true {
            let count: Int
            if second.isEmpty {
                count = send(descriptor, first.baseAddress, first.count, flags)
            } else {
                var pieces = (
                    iovec(iov_base: UnsafeMutableRawPointer(mutating: first.baseAddress), iov_len: first.count),
                    iovec(iov_base: UnsafeMutableRawPointer(mutating: second.baseAddress), iov_len: second.count)
                )
                count = withUnsafeMutablePointer(to: &pieces) { pieces in
                    var message = msghdr()
                    message.msg_iov = UnsafeMutableRawPointer(pieces).assumingMemoryBound(to: iovec.self)
                    message.msg_iovlen = 2
                    return sendmsg(descriptor, &message, flags)
                }
            }
            if count >= 0 { return count }
            if errno == EAGAIN { return 0 }
            if errno != EINTR { return -1 }
        }
    }

    func write(_ file: borrowing ResponseFile, from place: Int) -> Int {
        var offset = off_t(file.offset) + off_t(place)
        let count = min(Int(file.length) - place, Self.mostOfFile)
        while true {
            let sent = sendfile(descriptor, file.descriptor, &offset, count)
            if sent > 0 { return sent }
            // A file that became shorter cannot be sent as promised.
            if sent == 0 { return -1 }
            if errno == EAGAIN { return 0 }
            if errno != EINTR { return -1 }
        }
    }

    var acknowledged: UInt64? {
        let count = martlet_bytes_acknowledged(descriptor)
        return count > 0 ? count : nil
    }

    var hasUnsent: Bool { martlet_bytes_unsent(descriptor) > 0 }

    func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

    func close(resetting: Bool) {
        if resetting {
            var now = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        }
        Glibc.close(descriptor)
    }
}
