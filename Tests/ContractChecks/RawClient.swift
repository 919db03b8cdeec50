import Glibc

/// A blocking HTTP client of a few lines: sends bytes as they are given, so that tests can send wrong ones too.
///
/// Every call gives up after `timeout`, so a server that hangs fails a test and does not hang it.
public final class RawClient {
    public let descriptor: Int32
    private var received: [UInt8] = []
    private var isEnded = false

    /// Why a call failed.
    public enum Failure: Error, Equatable {
        case cannotConnect(Int32)
        case cannotSend(Int32)
        case timedOut
        case reset
        case ended(received: String)
        case malformed(String)
    }

    /// Connects to a port of this machine.
    ///
    /// - Parameters:
    ///   - receiveBuffer: bytes of the kernel's receive buffer, for a client that is to read slowly.
    public init(port: UInt16, isIPv6: Bool = false, timeout: Int = 10, receiveBuffer: Int32? = nil) throws {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        descriptor = socket(isIPv6 ? AF_INET6 : AF_INET, kind, 0)
        var limit = timeval(tv_sec: timeout, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        if var receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
        }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        // Closed by `deinit`, which runs also after this: closing it here too would close somebody else's.
        guard Self.connect(descriptor, port: port, isIPv6: isIPv6) == 0 else { throw Failure.cannotConnect(errno) }
    }

    /// Connects to a Unix socket.
    ///
    /// - Parameter path: at most 107 bytes.
    public init(path: String, timeout: Int = 10) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var limit = timeval(tv_sec: timeout, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        precondition(path.utf8.count <= 107, "\(path) is too long for an address")
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let code = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0 else { throw Failure.cannotConnect(errno) }
    }

    deinit {
        Glibc.close(descriptor)
    }

    /// Sends all bytes.
    public func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            // A call with a time limit ends so when the process was halted for a while.
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw errno == EAGAIN ? Failure.timedOut : .cannotSend(errno) }
            sent += count
        }
    }

    /// Sends text as UTF-8.
    public func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    /// Says that nothing more will be sent, and goes on reading.
    public func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Reads one answer; an interim one, such as 100, counts as one.
    ///
    /// - Parameter isHead: whether it answers a HEAD request and so has no body, whatever its Content-Length says.
    public func readResponse(isHead: Bool = false) throws -> RawResponse {
        let end: [UInt8] = [13, 10, 13, 10]
        var scanned = 0
        var headEnd = received.firstRange(of: end, from: scanned)
        while headEnd == nil {
            scanned = max(0, received.count - 3)
            guard try readMore() else { throw Failure.ended(received: text(Array(received.prefix(300)))) }
            headEnd = received.firstRange(of: end, from: scanned)
        }
        var response = try RawResponse(head: text(received[..<headEnd!]))
        received.removeFirst(headEnd! + 4)
        guard !isHead, response.status >= 200, response.status != 204, response.status != 304 else { return response }
        if let length = response["Content-Length"].flatMap({ Int($0) }) {
            while received.count < length {
                guard try readMore() else { throw Failure.ended(received: text(Array(received.prefix(300)))) }
            }
            response.body = Array(received[..<length])
            received.removeFirst(length)
        } else {
            response.body = try readToEnd()
        }
        return response
    }

    /// Reads until the server closes.
    public func readToEnd() throws -> [UInt8] {
        while try readMore() {}
        defer { received = [] }
        return received
    }

    /// Whether the server has closed, or closes within the timeout, without sending anything more.
    public func isClosedByServer() -> Bool {
        do {
            return try readToEnd().isEmpty
        } catch {
            return error as? Failure == .reset
        }
    }

    /// Whether the server has ended the connection, without waiting and without reading what it sent before.
    public var isHungUp: Bool {
        let readHangUp: Int16 = 0x2000  // POLLRDHUP, which the C library hides without _GNU_SOURCE.
        var entry = pollfd(fd: descriptor, events: readHangUp, revents: 0)
        return poll(&entry, 1, 0) > 0
    }

    /// Gives up the connection with a reset, as a client does that crashes.
    public func reset() {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Takes in some of what has come; waits for it if need be.
    ///
    /// - Returns: whether there was more; `false` at the end.
    @discardableResult
    public func readMore() throws -> Bool {
        guard !isEnded else { return false }
        let count = try withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 16) { buffer in
            var count = -1
            repeat { count = recv(descriptor, buffer.baseAddress, buffer.count, 0) } while count < 0 && errno == EINTR
            if count < 0 { throw errno == EAGAIN ? Failure.timedOut : .reset }
            received.append(contentsOf: buffer[..<count])
            return count
        }
        isEnded = count == 0
        return count > 0
    }

    private func text(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: Array(bytes), as: UTF8.self)
    }

    private static func connect(_ descriptor: Int32, port: UInt16, isIPv6: Bool) -> Int32 {
        var storage = sockaddr_storage()
        return withUnsafeMutablePointer(to: &storage) { storage in
            let raw = UnsafeMutableRawPointer(storage)
            if isIPv6 {
                var address = sockaddr_in6()
                address.sin6_family = sa_family_t(AF_INET6)
                address.sin6_port = port.bigEndian
                inet_pton(AF_INET6, "::1", &address.sin6_addr)
                raw.storeBytes(of: address, as: sockaddr_in6.self)
            } else {
                var address = sockaddr_in()
                address.sin_family = sa_family_t(AF_INET)
                address.sin_port = port.bigEndian
                inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
                raw.storeBytes(of: address, as: sockaddr_in.self)
            }
            let size = isIPv6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
            return Glibc.connect(descriptor, raw.assumingMemoryBound(to: sockaddr.self), socklen_t(size))
        }
    }
}

extension [UInt8] {
    /// Where `pattern` begins at or after `start`.
    fileprivate func firstRange(of pattern: [UInt8], from start: Int) -> Int? {
        guard count >= start + pattern.count else { return nil }
        return (start...(count - pattern.count)).first { self[$0..<($0 + pattern.count)].elementsEqual(pattern) }
    }
}
