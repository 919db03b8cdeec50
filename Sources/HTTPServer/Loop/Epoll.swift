internal import CLinux
import Glibc

/// An epoll: the descriptors that a loop waits for (epoll(7)).
final class Epoll {
    /// What the last wait found, in the first places.
    private(set) var events = [epoll_event](repeating: epoll_event(), count: 256)
    private let descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))

    init() {
        precondition(descriptor >= 0, "cannot make an epoll: \(String(cString: strerror(errno)))")
    }

    deinit {
        close(descriptor)
    }

    /// Waits for events.
    ///
    /// - Parameter time: milliseconds at most.
    /// - Returns: how many there are.
    func wait(_ time: Int32) -> Int {
        let count = epoll_wait(descriptor, &events, Int32(events.count), time)
        precondition(count >= 0 || errno == EINTR, "epoll_wait failed: \(String(cString: strerror(errno)))")
        return max(0, Int(count))
    }

    /// Watches a descriptor, or watches it for other events.
    ///
    /// - Parameter mark: what its events will name.
    /// - Returns: whether that was possible: there may be no memory.
    @discardableResult
    func watch(_ watched: Int32, _ kinds: UInt32, mark: UInt64, isKnown: Bool = false) -> Bool {
        var interest = epoll_event()
        interest.events = kinds
        interest.data.u64 = mark
        return epoll_ctl(descriptor, isKnown ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, watched, &interest) == 0
    }
}
