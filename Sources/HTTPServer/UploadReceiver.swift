/// Reads a form as it comes in and passes one part on to a sink.
final class UploadReceiver {
    private(set) var upload: Upload
    private let part: String
    private let limit: Int
    private let sink: any UploadSink
    private var reader: FormReader?
    /// How many more bytes of the whole body are read: after an error there are fewer than this.
    private var left: Int
    private let drainLimit: Int
    private var isOver = false
    /// Whether the wanted part has come.
    private var hasBegun = false
    /// Whether what comes now is the wanted part.
    private var isInPart = false

    /// What the form around the file may add to it.
    static let overhead = 1 << 16

    /// Begins a form. A body of another kind is read to its end and ignored.
    init(
        contentType: UnsafeBufferPointer<UInt8>?, part: String, limit: Int, sink: any UploadSink, drainLimit: Int
    ) {
        self.part = part
        self.limit = limit
        self.sink = sink
        self.drainLimit = drainLimit
        left = limit + Self.overhead
        upload = Upload(outcome: .refused(.partMissing(part)))
        do throws(FormFault) {
            reader = FormReader(try FormBoundary(contentType: contentType))
        } catch {
            stop(.refused(error))
        }
    }

    /// Takes the next bytes of the body.
    ///
    /// - Returns: `false` when the body is so long that the server does not wait for its end.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        left -= bytes.count
        guard !isOver else { return left >= 0 }
        if left < 0 {
            stop(.refused(.formTooLong(limit: limit + Self.overhead)))
        } else {
            read(bytes)
        }
        return true
    }

    /// The body is complete: settles the outcome.
    func complete() {
        guard !isOver else { return }
        do throws(FormFault) {
            try reader?.finish()
            guard hasBegun else { throw .partMissing(part) }
            isOver = true
            upload.outcome = .complete
        } catch {
            stop(.refused(error))
        }
    }

    /// The request ended early. Nobody asks for the outcome then.
    func abandon() { stop(upload.outcome) }

    private func read(_ bytes: UnsafeRawBufferPointer) {
        var bytes = bytes
        do throws(FormFault) {
            while !isOver, let event = try reader?.next(from: &bytes) {
                switch event {
                case .partBegins(let head): try begin(head)
                case .content(let content): if isInPart { try write(content) }
                case .partEnds: isInPart = false
                case .ends: break
                }
            }
        } catch {
            stop(.refused(error))
        }
    }

    private func begin(_ head: PartHead) throws(FormFault) {
        // As bytes: as text, differently written names can be equal.
        isInPart = head.name.utf8.elementsEqual(part.utf8)
        guard isInPart else { return }
        if hasBegun { throw .partRepeated(part) }
        hasBegun = true
        upload.fileName = head.fileName
    }

    private func write(_ content: UnsafeRawBufferPointer) throws(FormFault) {
        guard content.count <= limit - upload.byteCount else { throw .fileTooLong(limit: limit) }
        do {
            try sink.write(content)
            upload.byteCount += content.count
        } catch {
            stop(.failed(error))
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
