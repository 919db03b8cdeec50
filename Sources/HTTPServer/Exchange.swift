/// One request and its answer. Only its loop's thread uses it.
///
/// Pointers that it lends (path, header and query values) are valid until the answer is sent. Copy what must live
/// longer.
public final class Exchange {
    enum Stage {
        case planning, receiving, handling, suspended, answered, abandoned
    }

    /// The method of the request.
    public let method: RequestMethod
    /// The path without the query, percent-decoded.
    public let path: UnsafeBufferPointer<UInt8>
    /// Where the connection comes from.
    public internal(set) var peer = PeerAddress.loopback
    let framing: Framing
    let source: RequestSource
    // `unowned(unsafe)` because a loop ends all of its exchanges before it goes away.
    unowned(unsafe) let loop: any RequestLoop

    /// The collected body; empty unless the plan was ``BodyPlan/collect(limit:then:)``.
    public private(set) var body: [UInt8] = []
    /// How many bytes of the body have come in, kept or not.
    private(set) var receivedCount: UInt64 = 0

    /// The answer, until it is sent.
    var answer: Response?
    var stage = Stage.planning
    private var intake = BodyIntake.discard(left: 0)
    /// Lines that any answer to this request gets.
    private var answerLines: [ResponseHeader] = []
    /// What the handler does when the body is in.
    private var next: ((Exchange) -> Void)?

    init(
        _ source: RequestSource, method: RequestMethod, path: UnsafeBufferPointer<UInt8>, framing: Framing,
        on loop: any RequestLoop
    ) {
        self.source = source
        self.method = method
        self.path = path
        self.framing = framing
        self.loop = loop
    }

    /// Whether a body comes with the request. An unwanted body must be thrown away before the exchange may suspend.
    public var hasBody: Bool { framing.hasBody }

    /// The outcome of the upload; `nil` unless the plan was ``BodyPlan/file(part:limit:sink:then:)``.
    public var upload: Upload? {
        if case .file(let receiver) = intake { return receiver.upload }
        return nil
    }

    /// Gives the answer. Call it once.
    public func respond(_ response: consuming Response) {
        precondition(stage == .planning || stage == .handling || stage == .receiving, "answered out of turn")
        precondition(answer == nil, "answered twice")
        give(response)
    }

    /// Adds a header line to the answer, whatever it will be, also when the server itself refuses the request. This is
    /// for what is known before the answer, such as what is left of a limit.
    public func addToAnswer(_ name: StaticString, number: UInt64) {
        answerLines.append(ResponseHeader(name: name, value: .number(number)))
    }

    /// Suspends the exchange until another thread resumes it. It must not be answered before that.
    ///
    /// Call it only when the body is in, or when there is no body.
    public func suspend() -> Suspension {
        precondition(stage == .handling && answer == nil, "suspended out of turn")
        stage = .suspended
        return Suspension(self, on: loop.inbox)
    }

    /// Answers 500, unless there is an answer already.
    func fail(_ message: String) {
        guard answer == nil else { return }
        refuse(status: 500, type: "internal_error", message)
    }

    /// Answers with an error of the server's own, in the handler's form.
    func refuse(status: Int, type: StaticString, _ message: String) {
        give(loop.handler.errorResponse(status: status, type: type, message: message))
    }

    private func give(_ response: consuming Response) {
        if !answerLines.isEmpty { response.add(answerLines) }
        answer = consume response
    }

    /// Begins a request without a body.
    func begin() {
        stage = .handling
        let plan = loop.handler.begin(self)
        if case .done = plan { return }
        prepare(plan)
        complete()
    }

    /// Makes ready for the body.
    func prepare(_ plan: BodyPlan) {
        intake = intake(for: plan)
        stage = .receiving
    }

    /// Takes the next bytes of the body.
    ///
    /// - Returns: `false` when so much has come in that the server does not wait for the rest.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        receivedCount += UInt64(bytes.count)
        switch intake {
        case .discard(let left):
            intake = .discard(left: left - bytes.count)
            return bytes.count <= left
        case .collect(let limit):
            if bytes.count <= limit - body.count {
                body.append(contentsOf: bytes)
                return true
            }
            body = []
            refuse(status: 413, type: "payload_too_large", "the body is longer than \(limit) bytes")
            intake = .discard(left: loop.drainLimit)
            return true
        case .file(let receiver):
            return receiver.receive(bytes)
        }
    }

    /// The whole body is in. Lets the handler go on, unless there is already an answer.
    func complete() {
        if case .file(let receiver) = intake { receiver.complete() }
        stage = .handling
        let next = next.take()
        if answer == nil { next?(self) }
    }

    /// The request is over, answered or not.
    func end() {
        if case .file(let receiver) = intake { receiver.abandon() }
        next = nil
        stage = .abandoned
    }

    private func intake(for plan: BodyPlan) -> BodyIntake {
        let length = framing.length ?? 0
        switch plan {
        case .done:
            if answer == nil { fail("the request was not answered") }
        case .discard(let next):
            self.next = next
            refuseLongBody(above: loop.drainLimit)
        case .collect(let limit, let next):
            self.next = next
            if length <= limit { return .collect(limit: limit) }
            refuseLongBody(above: limit)
        case .file(let part, let limit, let sink, let next):
            self.next = next
            if length <= limit + UploadReceiver.overhead {
                return .file(receiver(part: part, limit: limit, sink: sink))
            }
            sink.cancel()
            refuseLongBody(above: limit)
        }
        return .discard(left: loop.drainLimit)
    }

    private func receiver(part: String, limit: Int, sink: any UploadSink) -> UploadReceiver {
        guard headerBytes("Content-Type")?.hasPrefix(caseless: "multipart/form-data") ?? false else {
            return UploadReceiver(notMultipart: sink, limit: limit, drainLimit: loop.drainLimit)
        }
        switch source {
        case .connection(let connection):
            return UploadReceiver(connection.handle, part: part, limit: limit, sink: sink, drainLimit: loop.drainLimit)
        case .memory(let fields):
            return UploadReceiver(
                collectingFor: MemoryForm(contentType: fields.header("Content-Type")), part: part, limit: limit,
                sink: sink,
                drainLimit: loop.drainLimit)
        }
    }

    private func refuseLongBody(above limit: Int) {
        guard framing.length ?? 0 > limit else { return }
        refuse(status: 413, type: "payload_too_large", "the body is longer than \(limit) bytes")
    }
}

/// Where a request's fields are.
enum RequestSource {
    case connection(Connection)
    case memory(MemoryFields)
}

/// What an exchange does with the bytes of its body.
private enum BodyIntake {
    /// Throw away up to this many more bytes.
    case discard(left: Int)
    case collect(limit: Int)
    case file(UploadReceiver)
}
