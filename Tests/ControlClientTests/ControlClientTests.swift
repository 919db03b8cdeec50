import Glibc
import LocalSockets
import TestSupport
import Testing
import Threads

@testable import ControlClient

@Suite struct ControlClientTests {
    /// Runs a test against somebody who takes one connection, reads what comes, and does as told with it.
    private func withServer(
        _ serve: @escaping @Sendable (Int32) -> Void, _ body: (ControlClient, Mailbox<String>) throws -> Void
    ) throws {
        try withTemporaryDirectory { directory in
            let listener = try LocalListener(at: directory + "/control.sock")
            let requests = Mailbox<String>()
            let thread = OwnedThread(name: "server") {
                var entry = pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)
                poll(&entry, 1, 20_000)
                let connection = accept(listener.descriptor, nil, nil)
                var bytes = [UInt8](repeating: 0, count: 65536)
                let count = max(0, recv(connection, &bytes, bytes.count, 0))
                requests.put(String(decoding: bytes[..<count], as: UTF8.self))
                serve(connection)
                close(connection)
            }
            defer {
                thread.join()
                listener.close()
            }
            var client = ControlClient(path: listener.path)
            client.patience = .seconds(20)
            try body(client, requests)
        }
    }

    private static func send(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    @Test func `A request goes out whole and its answer comes back`() throws {
        try withServer {
            Self.send("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}", to: $0)
        } _: { client, requests in
            let answer = try client.ask("POST", "/admin/accounts", body: Array("{\"a\":1}".utf8))
            #expect(answer == ControlAnswer(status: 201, body: Array("{}".utf8)))
            #expect(answer.isSuccess)
            #expect(
                requests.take()?.first == "POST /admin/accounts HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}")
        }
    }

    @Test func `An answer that breaks off is none`() throws {
        try withServer {
            Self.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{", to: $0)
        } _: { client, _ in
            #expect(throws: ControlError.ended) { try client.ask("GET", "/") }
        }
    }

    @Test func `A server that says nothing is waited for, and not for ever`() throws {
        let end = Mailbox<Bool>()
        try withServer { _ in
            _ = end.take()
        } _: { client, _ in
            var client = client
            client.patience = .milliseconds(100)
            #expect(throws: ControlError.late(.milliseconds(100))) { try client.ask("GET", "/") }
            end.put(true)
        }
    }

    @Test func `Nobody there, an old socket and something else are told apart`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/control.sock"
            let client = ControlClient(path: path)
            #expect(throws: ControlError.missing(path)) { try client.ask("GET", "/") }
            let killed = try LocalListener(at: path)
            close(killed.descriptor)
            let deserted = #expect(throws: ControlError.deserted(path)) { try client.ask("GET", "/") }
            #expect(deserted?.isUnheard == true)
            killed.removeFile()
            close(open(path, O_WRONLY | O_CREAT, 0o600))
            // The kernel says the same of a file as of a socket where nobody listens.
            #expect(throws: ControlError.deserted(path)) { try client.ask("GET", "/") }
        }
    }
}
