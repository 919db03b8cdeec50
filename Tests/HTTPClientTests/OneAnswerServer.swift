import Glibc
import Threads

/// Answers each connection with the same bytes, whatever it is asked, and keeps what it was asked.
final class OneAnswerServer {
    let port: UInt16
    private let listener: Int32
    private let thread: OwnedThread
    private let received = Guarded<[String]>([])

    /// The requests that came, as text.
    var requests: [String] { received.withLock { $0 } }

    init(_ answer: String) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = bind(listener, address, size)
                _ = getsockname(listener, address, &size)
            }
        }
        listen(listener, 16)
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        thread = OwnedThread(name: "one-answer") { [received] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                var bytes = [UInt8](repeating: 0, count: 65_536)
                let count = recv(connection, &bytes, bytes.count, 0)
                received.withLock { $0.append(String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)) }
                let answer = Array(answer.utf8)
                send(connection, answer, answer.count, Int32(MSG_NOSIGNAL))
                // A child that another test begins just now has the descriptor too, until it becomes its program.
                shutdown(connection, Int32(SHUT_WR))
                close(connection)
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        thread.join()
        close(listener)
    }
}
