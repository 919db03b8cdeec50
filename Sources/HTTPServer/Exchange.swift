import CMicrohttpd

/// One request and its answer; confined to its loop's thread.
///
/// Pointers that it lends (path, header and query values) are valid until the exchange is answered and sent; copy what
/// has to live longer.
final class Exchange {
    enum Stage {
        case planning, receiving, handling, suspended, answered, abandoned
    }

    let method: RequestMethod
    /// The path without the query, percent-decoded.
    let path: UnsafeBufferPointer<UInt8>
    let framing: Framing
    let connection: Connection

    /// The collected body; empty unless the plan was `.collect`.
    private(set) var body: [UInt8] = []
    /// How many bytes of the body came in, kept or not.
    private(set) var receivedCount: UInt64 = 0

    /// What the handler found out in `plan` and wants again in `handle`.
    var context: AnyObject?

    /// The answer, until it is handed over to the library.
    var answer: Response?
    var stage = Stage.planning
    private var intake = BodyIntake.discard(left: 0)

    init(_ connection: Connection, method: RequestMethod, path: UnsafeBufferPointer<UInt8>, framing: Framing) {
        self.connection = connection
        self.method = method
        self.path = path
        self.framing = framing
    }

    /// What became of the upload; `nil` unless the plan was `.file`.
    var upload: Upload? {
        if case .file(let receiver) = intake { return receiver.upload }
        return nil
    }

    /// The sink of the `.file` plan; `nil` with another plan.
    var sink: (any UploadSink)? {
        if case .file(let receiver) = intake { return receiver.sink }
        return nil
    }

    /// Gives the answer; once.
    func respond(_ response: consuming Response) {
        precondition(stage == .planning || stage == .handling || stage == .receiving, "answered out of turn")
        precondition(answer == nil, "answered twice")
        answer = consume response
    }

    /// Puts the exchange off until another thread resumes it; it must not be answered before that.
    ///
    /// Only from `handle`, or from the closure given to `resume`.
    func suspend() -> Suspension {
        precondition(stage == .handling && answer == nil, "suspended out of turn")
        stage = .suspended
        return Suspension(self, on: connection.loop.face)
    }

    /// Answers 500, unless there is an answer already.
    func fail(_ message: String) {
        guard answer == nil else { return }
        refuse(status: 500, type: "internal_error", message)
    }

    /// Answers with an error of the core's own, in the handler's form.
    func refuse(status: Int, type: StaticString, _ message: String) {
        answer = connection.loop.handler.errorResponse(status: status, type: type, message: message)
    }

    func begin(_ intake: BodyIntake) {
        self.intake = intake
        stage = .receiving
    }

    /// Takes the next bytes of the body.
    ///
    /// - Returns: `false` when so much has come in that the rest will not be waited for.
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
            intake = .discard(left: connection.loop.configuration.drainLimit)
            return true
        case .file(let receiver):
            return receiver.receive(bytes)
        }
    }

    /// Ends the body: all of it is in.
    func completeBody() {
        if case .file(let receiver) = intake { receiver.complete() }
    }

    /// The request is over, answered or not.
    func end() {
        if case .file(let receiver) = intake { receiver.abandon() }
        stage = .abandoned
    }
}
