import CMicrohttpd
import Glibc

/// Parses a `multipart/form-data` body as it comes in and passes one part on to a sink.
final class UploadReceiver {
    private(set) var upload = Upload(outcome: .missing)
    private let part: String
    private let limit: Int
    private let sink: any UploadSink
    private var parser: OpaquePointer?
    /// How many more bytes of the whole body are read: after an error there are fewer than this.
    private var left: Int
    private let drainLimit: Int
    private var isOver = false
    private var form: MemoryForm?

    /// What the form around the file may add to it.
    static let overhead = 1 << 16

    init(_ connection: OpaquePointer, part: String, limit: Int, sink: any UploadSink, drainLimit: Int) {
        self.part = part
        self.limit = limit
        self.sink = sink
        self.drainLimit = drainLimit
        left = limit + Self.overhead
        parser = MHD_create_post_processor(
            connection, 1 << 15,
            { context, _, name, fileName, _, _, data, offset, count in
                let receiver = Unmanaged<UploadReceiver>.fromOpaque(context!).takeUnretainedValue()
                let bytes = UnsafeRawBufferPointer(start: data, count: count)
                return receiver.take(bytes, of: name, fileName: fileName, offset: offset) ? .YES : .NO
            }, Unmanaged.passUnretained(self).toOpaque())
        if parser == nil { stop(.notMultipart) }
    }

    /// A form of another kind. It is read to its end and ignored.
    init(notMultipart sink: any UploadSink, limit: Int, drainLimit: Int) {
        part = ""
        self.limit = limit
        self.sink = sink
        self.drainLimit = drainLimit
        left = limit + Self.overhead
        stop(.notMultipart)
    }

    /// A form that is collected first and parsed at its end, for requests without a socket.
    init(collectingFor form: MemoryForm?, part: String, limit: Int, sink: any UploadSink, drainLimit: Int) {
        self.part = part
        self.limit = limit
        self.sink = sink
        self.drainLimit = drainLimit
        left = limit + Self.overhead
        self.form = form
        if form == nil { stop(.notMultipart) }
    }

    deinit {
        if let parser { MHD_destroy_post_processor(parser) }
    }

    /// Takes the next bytes of the body.
    ///
    /// - Returns: `false` when the body is so long that the server does not wait for its end.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        left -= bytes.count
        guard !isOver else { return left >= 0 }
        if left < 0 {
            stop(.overLimit)
        } else if let parser, let start = bytes.baseAddress {
            if MHD_post_process(parser, start, bytes.count) == .NO { stop(.malformed) }
        } else {
            form?.add(bytes)
        }
        return true
    }

    /// The body is complete: settles the outcome.
    func complete() {
        guard !isOver else { return }
        if let parser {
            self.parser = nil
            if MHD_destroy_post_processor(parser) == .NO { return stop(.malformed) }
        } else if let form {
            let isWhole = form.forEachPart { name, fileName, content in
                content.withUnsafeBytes { take($0, of: name, fileName: fileName, offset: 0) }
            }
            if isOver { return }
            if !isWhole { return stop(.malformed) }
        }
        if case .complete = upload.outcome { isOver = true } else { stop(upload.outcome) }
    }

    /// The request ended early.
    func abandon() {
        if !isOver { stop(.malformed) }
        if let parser { MHD_destroy_post_processor(parser) }
        parser = nil
    }

    private func take(
        _ bytes: UnsafeRawBufferPointer, of name: UnsafePointer<CChar>?, fileName: UnsafePointer<CChar>?,
        offset: UInt64
    ) -> Bool {
        guard let name, strcmp(name, part) == 0 else { return true }
        if case .missing = upload.outcome {
            upload.outcome = .complete
            upload.fileName = fileName.map { String(cString: $0) }
        } else if offset == 0 && upload.byteCount > 0 {
            stop(.repeated)
            return false
        }
        guard bytes.count <= limit - upload.byteCount else {
            stop(.overLimit)
            return false
        }
        guard !bytes.isEmpty else { return true }
        do {
            try sink.write(bytes)
            upload.byteCount += bytes.count
            return true
        } catch {
            stop(.failed(error))
            return false
        }
    }

    /// Sets a bad outcome, unless there is one already. What still comes in is thrown away.
    private func stop(_ outcome: Upload.Outcome) {
        guard !isOver else { return }
        isOver = true
        upload.outcome = outcome
        left = max(left, drainLimit)
        sink.cancel()
    }
}
