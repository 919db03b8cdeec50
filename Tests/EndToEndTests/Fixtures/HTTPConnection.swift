import ContractChecks
import Glibc

/// A blocking connection to a server on this machine.
final class HTTPConnection {
    let descriptor: Int32
    private let key: String?
    private var received: [UInt8] = []

    enum Failure: Error, Equatable {
        case cannotConnect(Int32)
        case lost
        case timedOut
    }

    /// Connects.
    ///
    /// - Parameter timeout: seconds after which any wait fails.
    init(port: UInt16, key: String? = nil, timeout: Int = 60) throws {
        self.key = key
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var limit = timeval(tv_sec: timeout, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        let code = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        // Closed by `deinit`, which runs also after this: closing it here too would close somebody else's.
        guard code == 0 else { throw Failure.cannotConnect(errno) }
    }

    deinit { close(descriptor) }

    /// Sends a request and reads its answer.
    func call(_ method: String, _ target: String, _ body: String? = nil, headers: String = "") throws -> Answer {
        try send(method, target, body, headers: headers)
        return try read(isHead: method == "HEAD")
    }

    /// Sends a request.
    func send(_ method: String, _ target: String, _ body: String? = nil, headers: String = "") throws {
        var text = "\(method) \(target) HTTP/1.1\r\nHost: test\r\n\(headers)"
        if let key { text += "api-key: \(key)\r\n" }
        if let body { text += "Content-Length: \(body.utf8.count)\r\n" }
        try send(Array((text + "\r\n" + (body ?? "")).utf8))
    }

    /// Sends bytes as they are.
    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw errno == EAGAIN ? Failure.timedOut : .lost }
            rest = rest.dropFirst(count)
        }
    }

    /// Reads an answer.
    func read(isHead: Bool = false) throws -> Answer {
        while true {
            if let end = endOfHead() {
                let head = String(decoding: received[..<end], as: UTF8.self)
                let lines = head.split(separator: "\r\n")
                let headers = lines.dropFirst().map { line in
                    let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                    return (name: String(parts[0]), value: String(parts.last!.drop { $0 == " " }))
                }
                let status = Int(lines[0].split(separator: " ")[1]) ?? 0
                let length = headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
                let bodyEnd = end + 4 + (isHead ? 0 : length)
                while received.count < bodyEnd { try receive() }
                let body = Array(received[(end + 4)..<bodyEnd])
                received.removeFirst(bodyEnd)
                return Answer(status: status, headers: headers, body: body)
            }
            try receive()
        }
    }

    /// Gives the connection up with a reset, as a client does that crashes.
    func reset() {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    }

    /// Waits until the server closes.
    func waitForEnd() throws {
        do {
            while true { try receive() }
        } catch Failure.lost {}
    }

    private func endOfHead() -> Int? {
        let end = Array("\r\n\r\n".utf8)
        guard received.count >= 4 else { return nil }
        return (0...received.count - 4).first { received[$0] == 13 && received[$0..<$0 + 4].elementsEqual(end) }
    }

    private func receive() throws {
        let count = withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { received += buffer[..<count] }
            return count
        }
        if count < 0, errno == EAGAIN { throw Failure.timedOut }
        guard count > 0 else { throw Failure.lost }
    }
}
