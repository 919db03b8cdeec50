import CMicrohttpd
import Glibc

/// Sockets that the library has closed while their clients may still be sending.
///
/// Closing a socket with unread bytes makes the kernel send a reset, which wipes out an answer that the client has not
/// read yet. A second descriptor keeps such a socket open for a moment, and what comes in is thrown away.
final class LingeringClose {
    private let epoll: Int32
    private var open: [(descriptor: Int32, deadline: UInt64)] = []
    private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)

    private static let most = 128
    private let milliseconds: UInt64

    init(epoll: Int32, for time: Duration) {
        self.epoll = epoll
        milliseconds = time.milliseconds
    }

    deinit {
        scratch.deallocate()
    }

    /// When the oldest one must be closed; `UInt64.max` when there is none.
    var nextDeadline: UInt64 { open.first?.deadline ?? .max }

    /// Keeps open a socket that is about to be closed.
    func add(_ descriptor: Int32, at now: UInt64) {
        if open.count == Self.most { close(open.removeFirst().descriptor) }
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { return }
        shutdown(copy, Int32(SHUT_WR))
        var interest = epoll_event()
        interest.events = EPOLLIN.rawValue
        interest.data.fd = copy
        guard epoll_ctl(epoll, EPOLL_CTL_ADD, copy, &interest) == 0 else {
            close(copy)
            return
        }
        open.append((copy, now + milliseconds))
    }

    /// Throws away what came in. Closes the socket when the client is done.
    func discard(_ descriptor: Int32) {
        guard open.contains(where: { $0.descriptor == descriptor }) else { return }
        let count = recv(descriptor, scratch.baseAddress, scratch.count, Int32(MSG_DONTWAIT))
        if count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR)) { return }
        open.removeAll { $0.descriptor == descriptor }
        close(descriptor)
    }

    func expire(at now: UInt64) {
        while let oldest = open.first, oldest.deadline <= now {
            close(oldest.descriptor)
            open.removeFirst()
        }
    }

    func closeAll() {
        expire(at: .max)
    }
}
