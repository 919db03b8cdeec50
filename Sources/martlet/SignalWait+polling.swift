import Glibc

extension SignalWait {
    /// Whether a signal has come that ``next()`` would answer.
    var hasCome: Bool { poll(nil, for: 0, milliseconds: 0).signal }

    /// Waits for a while.
    ///
    /// - Throws: `ResultLines.Ended` as soon as a signal comes, or the reader of a descriptor has gone.
    func pause(milliseconds: Int32, whileReading descriptor: Int32) throws(ResultLines.Ended) {
        // Errors and hang-ups are told without being asked for.
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
