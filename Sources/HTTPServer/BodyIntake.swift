/// What becomes of the bytes of a request's body, as its handler has planned it.
struct BodyIntake {
    private enum Kind {
        /// Throw away up to this many more bytes.
        case discard(left: Int)
        case collect(limit: Int)
        case file(UploadReceiver)
    }

    /// What became of a piece.
    enum Verdict {
        case taken
        /// The body is longer than this: it is refused, and what still comes is thrown away.
        case tooLong(limit: Int)
        /// So much has come in that the server does not wait for the rest.
        case unwanted
    }

    /// What was collected.
    private(set) var body: [UInt8] = []
    private var kind: Kind
    private let drainLimit: Int

    /// Throws all away.
    ///
    /// - Parameter drainLimit: how many bytes of an unwanted body are thrown away.
    init(drainLimit: Int) {
        kind = .discard(left: drainLimit)
        self.drainLimit = drainLimit
    }

    /// Makes ready for a body.
    ///
    /// - Parameters:
    ///   - length: what the client declared; 0 if it did not.
    ///   - contentType: the first line of that name.
    /// - Returns: the limit that the declared length exceeds; the body is thrown away then.
    mutating func prepare(
        _ plan: BodyPlan, length: UInt64, contentType: @autoclosure () -> UnsafeBufferPointer<UInt8>?
    ) -> Int? {
        switch plan {
        case .done: return nil
        case .discard: return length > drainLimit ? drainLimit : nil
        case .collect(let limit, _):
            guard length <= limit else { return limit }
            kind = .collect(limit: limit)
        case .file(let part, let limit, let sink, _):
            guard length <= limit + UploadReceiver.overhead else {
                sink.cancel()
                return limit
            }
            kind = .file(
                UploadReceiver(contentType: contentType(), part: part, limit: limit, sink: sink, drainLimit: drainLimit)
            )
        }
        return nil
    }

    /// Whether the body is thrown away.
    var isDiscarding: Bool {
        if case .discard = kind { return true }
        return false
    }

    /// The outcome of an upload; `nil` if there is none.
    var upload: Upload? {
        if case .file(let receiver) = kind { return receiver.upload }
        return nil
    }

    /// Takes the next bytes.
    mutating func receive(_ bytes: UnsafeRawBufferPointer) -> Verdict {
        switch kind {
        case .discard(let left):
            kind = .discard(left: left - bytes.count)
            return bytes.count <= left ? .taken : .unwanted
        case .collect(let limit):
            guard bytes.count <= limit - body.count else {
                body = []
                kind = .discard(left: drainLimit)
                return .tooLong(limit: limit)
            }
            body.append(contentsOf: bytes)
            return .taken
        case .file(let receiver):
            return receiver.receive(bytes) ? .taken : .unwanted
        }
    }

    /// All bytes are in.
    func complete() {
        if case .file(let receiver) = kind { receiver.complete() }
    }

    /// No more bytes are taken.
    func abandon() {
        if case .file(let receiver) = kind { receiver.abandon() }
    }
}

extension BodyPlan {
    /// What the handler does when the body is in.
    var next: ((Exchange) -> Void)? {
        switch self {
        case .done: nil
        case .discard(let next): next
        case .collect(_, let next): next
        case .file(_, _, _, let next): next
        }
    }
}
