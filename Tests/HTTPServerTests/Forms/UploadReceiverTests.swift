import Testing

@testable import HTTPServer

struct UploadReceiverTests {
    /// Remembers what it was told.
    private final class Sink: UploadSink {
        struct Full: Error {}
        var bytes: [UInt8] = []
        var pieces = 0
        var cancels = 0
        var room = Int.max

        func write(_ bytes: UnsafeRawBufferPointer) throws {
            if bytes.count > room { throw Full() }
            room -= bytes.count
            self.bytes += bytes
            pieces += 1
        }

        func cancel() { cancels += 1 }
    }

    private let sink = Sink()

    private func receiver(
        _ contentType: String? = "multipart/form-data; boundary=XyZ", limit: Int = 1000
    ) -> UploadReceiver {
        guard let contentType else {
            return UploadReceiver(contentType: nil, part: "file", limit: limit, sink: sink, drainLimit: 100)
        }
        return Array(contentType.utf8).withUnsafeBufferPointer {
            UploadReceiver(contentType: $0, part: "file", limit: limit, sink: sink, drainLimit: 100)
        }
    }

    private func part(_ name: String, _ content: String) -> String {
        "--XyZ\r\nContent-Disposition: form-data; name=\(name); filename=\(name).png\r\n\r\n\(content)\r\n"
    }

    /// How an upload ended.
    private func outcome(of receiver: UploadReceiver) -> String {
        switch receiver.upload.outcome {
        case .complete: "complete"
        case .refused(let fault): "\(fault)"
        case .failed(let error): "\(error)"
        }
    }

    private func upload(_ receiver: UploadReceiver, _ body: String) -> String {
        for byte in body.utf8 { _ = withUnsafeBytes(of: byte) { receiver.receive($0) } }
        receiver.complete()
        let outcome = outcome(of: receiver)
        receiver.abandon()
        #expect(self.outcome(of: receiver) == outcome)
        return outcome
    }

    @Test func `The wanted part goes to the sink, and nothing else`() {
        let receiver = receiver()
        let body = part("a", "x") + part("file", "123") + part("filex", "y") + "--XyZ--\r\nfile"
        #expect(upload(receiver, body) == "complete")
        #expect(String(decoding: sink.bytes, as: UTF8.self) == "123")
        #expect(receiver.upload.fileName == "file.png")
        #expect(receiver.upload.byteCount == 3)
        #expect(sink.cancels == 0)
    }

    @Test func `A large file comes in the pieces in which it was received`() {
        let receiver = receiver(limit: 1_000_000)
        let body = Array((part("file", String(repeating: "0123456789\r\n", count: 50_000)) + "--XyZ--").utf8)
        body.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: 1 << 14) {
                let piece = bytes[start..<min(start + 1 << 14, bytes.count)]
                #expect(receiver.receive(UnsafeRawBufferPointer(rebasing: piece)))
            }
        }
        receiver.complete()
        #expect(outcome(of: receiver) == "complete")
        #expect(sink.bytes.count == 600_000)
        #expect(sink.pieces < 80)
    }

    @Test(arguments: [
        ("--XyZ--", "the form has no part \"file\""),
        ("file", "the body has no line \"--XyZ\", the boundary of its Content-Type"),
        ("P1P2--XyZ--", "the form has more than one part \"file\"; send one a request"),
        ("P1P2", "the form has more than one part \"file\"; send one a request"),
        ("P1", "the form breaks off: no line \"--XyZ--\" ends it"),
        ("P1--XyZ\r\n\r\n", "a part has no Content-Disposition"),
        ("Q1--XyZ--", "the form has no part \"file\""),
    ]) func `A form that is no upload cancels the sink once`(form: String, expected: String) {
        let body = form.replacing("P1", with: part("file", "1")).replacing("P2", with: part("file", "2"))
            .replacing("Q1", with: part("FILE", "1"))
        #expect(upload(receiver(), body) == expected)
        #expect(sink.cancels == 1)
    }

    @Test(
        arguments: [
            (nil, "the request has no Content-Type; a form has multipart/form-data with a boundary"),
            ("application/json; charset=utf-8", "the body is \"application/json\"; it must be multipart/form-data"),
            ("multipart/form-data", "Content-Type is multipart/form-data without a boundary"),
            (
                "multipart/form-data; boundary=a*b",
                "the boundary has \"*\"; letters, digits and '()+_,-./:=? are allowed, and spaces before them"
            ),
        ] as [(String?, String)]) func `A body that is no form is drained, and told by what it is`(
            contentType: String?, expected: String
        )
    {
        #expect(upload(receiver(contentType), part("file", "123") + "--XyZ--") == expected)
        #expect(sink.cancels == 1)
        #expect(sink.bytes.isEmpty)
    }

    @Test func `The limit is of the file, and a larger one is of the form`() {
        #expect(upload(receiver(limit: 3), part("file", "123") + "--XyZ--") == "complete")
        #expect(upload(receiver(limit: 2), part("file", "123") + "--XyZ--") == "the file is larger than 2 bytes")
        #expect(sink.cancels == 1)
        let other = part("other", String(repeating: "x", count: 66_000))
        #expect(upload(receiver(limit: 3), other + "--XyZ--") == "the form is longer than 65539 bytes")
        #expect(sink.cancels == 2)
    }

    @Test func `A sink that fails ends the upload`() {
        sink.room = 2
        #expect(upload(receiver(), part("file", "123456") + "--XyZ--") == "Full()")
        #expect(sink.bytes.count == 2)
        #expect(sink.cancels == 1)
    }

    @Test func `After a fault no more is read than the form may have`() {
        let receiver = receiver("text/plain", limit: 1000)
        let most = [UInt8](repeating: 0, count: 1000 + UploadReceiver.overhead)
        #expect(most.withUnsafeBytes { receiver.receive($0) })
        #expect([0].withUnsafeBytes { !receiver.receive($0) })
        #expect(sink.cancels == 1)
    }

    @Test func `A request that ends early cancels the sink`() {
        let receiver = receiver()
        Array(part("file", "123").utf8).withUnsafeBytes { _ = receiver.receive($0) }
        receiver.abandon()
        receiver.abandon()
        #expect(sink.cancels == 1)
    }
}
