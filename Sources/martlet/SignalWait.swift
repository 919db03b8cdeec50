import Glibc
import Threads

/// Waits for signals as for any other event, instead of being ended by them.
///
/// It uses a handler and a pipe, and not a blocked mask with `sigwait`. The main thread, which waits for the
/// asynchronous `main`, started before a mask could be set for all threads. A signal would still end it.
struct SignalWait {
    // nonisolated(unsafe) because it is written once, before the first handler is set, and only read afterwards. A
    // handler may do little more than write to a descriptor.
    private nonisolated(unsafe) static var wake: Int32 = -1
    let descriptor: Int32

    /// Takes these signals from now on. Make it only once in a process.
    init(_ signals: [Int32]) throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure("cannot make a pipe: \(String(cString: strerror(errno)))") }
        descriptor = ends[0]
        Self.wake = ends[1]
        for number in signals {
            signal(number) { number in
                let kept = errno
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(SignalWait.wake, &byte, 1)
                errno = kept
            }
        }
    }

    /// The next signal.
    func next() async -> Int32 {
        let descriptor = descriptor
        return await withCheckedContinuation { continuation in
            _ = OwnedThread(name: "signals") {
                var byte: UInt8 = 0
                while read(descriptor, &byte, 1) < 0 && errno == EINTR {}
                continuation.resume(returning: Int32(byte))
            }
        }
    }
}

extension SignalWait {
    /// Whether a signal has come that ``next()`` would return.
    var hasCome: Bool { hasCome(within: 0) }

    /// Waits for a while, or until a signal comes.
    ///
    /// - Returns: whether one has come.
    func hasCome(within milliseconds: Int32) -> Bool { poll(nil, for: 0, milliseconds: milliseconds).signal }

    /// Waits for a while.
    ///
    /// - Throws: `ResultLines.Ended` as soon as a signal comes, or when the reader of a descriptor has gone.
    func pause(milliseconds: Int32, whileReading descriptor: Int32) throws(ResultLines.Ended) {
        // Errors and hang-ups are reported without being asked for.
        let found = poll(descriptor, for: 0, milliseconds: milliseconds)
        if found.signal || found.descriptor != 0 { throw ResultLines.Ended() }
    }

    /// Waits until a descriptor can be written to.
    ///
    /// - Throws: `ResultLines.Ended` as soon as a signal comes.
    func waitForRoom(on descriptor: Int32) throws(ResultLines.Ended) {
        while true {
            let found = poll(descriptor, for: Int16(POLLOUT), milliseconds: -1)
            if found.signal { throw ResultLines.Ended() }
            if found.descriptor != 0 { return }
        }
    }

    private func poll(
        _ other: Int32?, for events: Int16, milliseconds: Int32
    ) -> (signal: Bool, descriptor: Int16) {
        var wanted = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: other ?? -1, events: events, revents: 0),
        ]
        guard Glibc.poll(&wanted, 2, milliseconds) > 0 else { return (false, 0) }
        return (wanted[0].revents != 0, wanted[1].revents)
    }
}
