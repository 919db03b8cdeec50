internal import CLinux
import Glibc

/// A connection over a socket, with what the kernel said of it last.
///
/// Events are edges (EPOLLET): the kernel says once that a socket can be read or written, and that holds until a call
/// says otherwise. So a request and its answer need no call to epoll beside the wait.
final class SocketConnection: Connection {
    let descriptor: Int32
    /// The number of the listener that it came by.
    let gate: Int
    /// Whether a read may find something, the end included.
    var canRead = false
    var isHalfClosed = false
    /// Whether it is among those that take their next turn without an event.
    var isQueued = false

    init(_ descriptor: Int32, peer: PeerAddress, at gate: Int, on loop: ConnectionLoop) {
        self.descriptor = descriptor
        self.gate = gate
        super.init(peer: peer, writer: SocketWriter(descriptor: descriptor), on: loop)
    }

    override var isHungUp: Bool { isHalfClosed }

    /// Whether it can go on without another event.
    var canGoOn: Bool { wantsToWrite || hasUsableInput || (canRead && phase.takesInput) }

    /// Goes on with a file, or with what it holds, or else reads once what has come in.
    ///
    /// - Parameter input: room for what it may hold and `mostRead` bytes more.
    func goOn(in input: UnsafeMutableRawBufferPointer, readingAtMost mostRead: Int) {
        if wantsToWrite { return writeMore() }
        let reads = !hasUsableInput
        let held = moveHeld(to: input)
        guard reads else { return receive(UnsafeMutableRawBufferPointer(rebasing: input[..<held])) }
        let count = recv(descriptor, input.baseAddress! + held, mostRead, Int32(MSG_DONTWAIT))
        let failure = errno
        // A read that does not fill its room has emptied the socket, unless the end stands behind.
        if count < mostRead { canRead = (count > 0 && isHalfClosed) || (count < 0 && failure == EINTR) }
        receive(UnsafeMutableRawBufferPointer(rebasing: input[..<(held + max(0, count))]))
        if count == 0 {
            endInput()
        } else if count < 0, failure != EAGAIN, failure != EINTR {
            close()
        }
    }
}
