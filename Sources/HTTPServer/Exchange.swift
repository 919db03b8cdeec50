internal import Bytes

/// One request and its answer. Only its loop's thread uses it.
///
/// Pointers that it lends (path, header and query values) are valid until the handler returns. Ask again later, or copy
/// what must live longer.
public final class Exchange {
    enum Stage {
        case planning, receiving, handling, suspended, answered, abandoned
    }

    /// The method of the request.
    public let method: RequestMethod
    /// Who sent it.
    public let peer: PeerAddress
    let framing: Framing
    // `unowned(unsafe)` because a loop ends all of its exchanges before it goes away.
    unowned(unsafe) let connection: Connection
    private unowned(unsafe) let loop: ConnectionLoop
    private var head: RequestHead?

    /// How many bytes of the body have come in, kept or not.
    private(set) var receivedCount: UInt64 = 0

    /// Whose share of the memory for answers its answer takes.
    public var share = AnswerShare()

    /// The answer, until it is sent.
    var answer: Response?
    var stage = Stage.planning
    private var intake: BodyIntake
    /// Lines that any answer to this request gets, each with its CR LF.
    private var answerLines: [UInt8] = []
    /// What the handler does when the body is in.
    private var next: ((Exchange) -> Void)?

    init(_ head: RequestHead, on connection: Connection, _ loop: ConnectionLoop) {
        method = head.method
        framing = head.framing
        peer = connection.peer
        self.head = head
        self.connection = connection
        self.loop = loop
        intake = BodyIntake(drainLimit: loop.drainLimit)
    }

    /// Whether a body comes with the request. An unwanted body must be thrown away before the exchange may suspend.
    public var hasBody: Bool { framing.hasBody }

    /// Whether nobody waits for the answer any more. A handler that goes on for long asks this now and then.
    ///
    /// A client that has closed its side of the connection counts as gone.
    public var isAbandoned: Bool {
        switch stage {
        case .abandoned, .answered: true
        case .planning, .receiving, .handling, .suspended: connection.isHungUp
        }
    }

    /// The outcome of the upload; `nil` unless the plan was ``BodyPlan/file(part:limit:sink:then:)``.
    public var upload: Upload? { intake.upload }

    /// The collected body; empty unless the plan was ``BodyPlan/collect(limit:then:)``.
    public var body: [UInt8] { intake.body }

    /// The path without the query, percent-decoded, except for encoded slashes.
    public var path: UnsafeBufferPointer<UInt8> { head!.path }

    /// The path as text. Bytes that are not UTF-8 are replaced.
    public var pathText: String { String(decoding: path, as: UTF8.self) }

    /// The header lines of that name: the first value, and how many there are. Names are compared without case.
    public func headerField(_ name: StaticString) -> FieldSearch { head!.field(name) }

    /// The values of all header lines of that name, in their order. Names are compared without case.
    public func headerLines(_ name: StaticString) -> [UnsafeBufferPointer<UInt8>] { head!.lines(name) }

    /// The first header line of that name, as bytes; `nil` when there is no such line. Names are compared without case.
    public func headerBytes(_ name: StaticString) -> UnsafeBufferPointer<UInt8>? { head!.field(name).first }

    /// The first header line of that name; `nil` when there is none.
    public func header(_ name: StaticString) -> String? {
        headerBytes(name).map { String(decoding: $0, as: UTF8.self) }
    }

    /// A query parameter: its first value, percent-decoded, and how often it is in the target, because a parameter that
    /// is given twice is ambiguous. A parameter without `=` has an empty value.
    public func queryField(_ name: StaticString) -> FieldSearch { head!.parameter(name) }

    /// The first value of a query parameter, percent-decoded; `nil` when it is absent.
    public func query(_ name: StaticString) -> String? {
        queryField(name).first.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether its ``share`` of the memory for answers has room. If not, answer 429: too many of its answers wait for
    /// readers that do not read.
    public var hasRoomForAnswer: Bool { loop.budget.admits(share) }

    /// Gives the answer. Call it once.
    public func respond(_ response: consuming Response) {
        precondition(stage == .planning || stage == .handling || stage == .receiving, "answered out of turn")
        precondition(answer == nil, "answered twice")
        give(response)
    }

    /// Adds a header line to the answer, whatever it will be, also when the server itself refuses the request. This is
    /// for what is known before the answer, such as what is left of a limit.
    public func addToAnswer(_ name: StaticString, number: UInt64) {
        if answerLines.isEmpty { answerLines.reserveCapacity(128) }
        answerLines += name.bytes
        answerLines += ": ".utf8
        answerLines.append(decimal: number)
        answerLines += "\r\n".utf8
    }

    /// Suspends the exchange until another thread resumes it. It must not be answered before that.
    ///
    /// Call it only when the body is in, or when there is no body.
    public func suspend() -> Suspension {
        precondition(stage == .handling && answer == nil, "suspended out of turn")
        stage = .suspended
        return Suspension(self, on: loop.inbox)
    }

    /// Suspends the exchange until ``goOn(_:)``, for a handler that keeps it and goes on by itself on the loop's thread.
    ///
    /// Call it only when the body is in, or when there is no body.
    public func pause() {
        precondition(stage == .handling && answer == nil, "suspended out of turn")
        stage = .suspended
    }

    /// Goes on after ``pause()``, on the loop's thread, outside of the handling of any request. `body` must respond or
    /// suspend again. It is not called if the connection has ended meanwhile.
    public func goOn(_ body: (Exchange) -> Void) {
        // If it is not suspended any more, its connection and its loop may be gone.
        guard stage == .suspended else { return }
        connection.resume(self, body)
        loop.resumed.append(connection)
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
        if !answerLines.isEmpty { response.add(lines: answerLines) }
        loop.handler.finish(&response, for: self)
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
        next = plan.next
        if next == nil, answer == nil { fail("the request was not answered") }
        if let limit = intake.prepare(plan, length: framing.length ?? 0, contentType: headerBytes("Content-Type")) {
            refuseLongBody(above: limit)
        }
        stage = .receiving
    }

    /// Takes the next bytes of the body.
    ///
    /// - Returns: `false` when so much has come in that the server does not wait for the rest.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        receivedCount += UInt64(bytes.count)
        switch intake.receive(bytes) {
        case .taken: return true
        case .tooLong(let limit):
            refuseLongBody(above: limit)
            return true
        case .unwanted: return false
        }
    }

    /// Takes the next bytes of a chunked body.
    func receiveChunks(_ bytes: UnsafeRawBufferPointer) throws(RequestFault) -> ChunksTaken {
        var isWanted = true
        let (used, isComplete) = try head!.takeChunks(bytes) { piece in
            isWanted = receive(piece)
            return isWanted
        }
        return ChunksTaken(used: used, isComplete: isComplete, isWanted: isWanted)
    }

    /// Whether its body is thrown away.
    var isDiscarding: Bool { intake.isDiscarding }

    /// The whole body is in. Lets the handler go on, unless there is already an answer.
    func complete() {
        intake.complete()
        stage = .handling
        let next = next.take()
        if answer == nil { next?(self) }
    }

    /// Goes on after a suspension.
    func resume(_ body: (Exchange) -> Void) {
        stage = .handling
        body(self)
    }

    /// The bytes of the head are about to be used again: keeps a copy.
    func keepHead() { head?.keep() }

    /// What the connection does after the answer, as far as the client says.
    var connectionLine: ConnectionLine {
        switch (head!.keepsAlive, head!.isVersion11) {
        case (false, _): .closes
        case (true, true): .goesOn
        case (true, false): .keepsAlive
        }
    }

    /// The request is over, answered or not.
    func end(_ stage: Stage) {
        intake.abandon()
        next = nil
        self.stage = stage
        // Not left to the end of its life, which may come on another thread.
        if let head = head.take() { head.end(loop.parsers) }
    }

    private func refuseLongBody(above limit: Int) {
        refuse(status: 413, type: "payload_too_large", "the body is longer than \(limit) bytes")
    }
}

/// What became of bytes of a chunked body.
struct ChunksTaken {
    let used: Int
    let isComplete: Bool
    /// `false` when so much has come in that the server does not wait for the rest.
    let isWanted: Bool
}
