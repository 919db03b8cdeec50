@testable import HTTPServer

/// A connection that a test drives: it says what the client sends, when it ends, and how much it reads.
final class DrivenConnection {
    let loop: DrivenLoop
    let connection: Connection
    let output: BoundedWriter
    /// What the client sent and the connection did not read yet.
    private var unread: ArraySlice<UInt8> = []
    private var hasEnded = false
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)

    /// - Parameter room: how many bytes the client takes before it reads on.
    init(on loop: DrivenLoop = DrivenLoop(), room: Int = .max) {
        self.loop = loop
        output = BoundedWriter(room: room)
        connection = Connection(peer: .loopback, writer: output, on: loop.shared)
    }

    deinit {
        connection.close()
        loop.shared.closed = []
        input.deallocate()
    }

    var phase: ConnectionPhase { connection.phase }
    /// Whether the client can send another request.
    var isOpen: Bool { phase != .closed && phase != .lingering }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        unread += bytes
        goOn()
    }

    /// The client sends nothing more.
    func end() {
        hasEnded = true
        goOn()
    }

    /// The client reads so many bytes more.
    func read(_ count: Int) {
        if output.room != .max { output.room += count }
        connection.writeMore()
        goOn()
    }

    /// Reads as the event loop does, until there is nothing to do.
    func goOn() {
        while connection.wantsToWrite || connection.hasUsableInput
            || (phase.takesInput && (!unread.isEmpty || hasEnded))
        {
            if connection.wantsToWrite {
                connection.writeMore()
                continue
            }
            let reads = !connection.hasUsableInput
            let held = connection.moveHeld(to: input)
            let count = reads ? min(unread.count, 1 << 16) : 0
            UnsafeMutableRawBufferPointer(rebasing: input[held...]).copyBytes(from: unread.prefix(count))
            unread = unread.dropFirst(count)
            connection.receive(UnsafeMutableRawBufferPointer(rebasing: input[..<(held + count)]))
            if reads && count == 0 {
                hasEnded = false
                connection.endInput()
            }
        }
    }

    /// Answers the request that is suspended.
    func answerSuspended(_ text: StaticString = "late") {
        loop.suspension()?.resume { $0.respond(Response(status: 200, contentType: "text/plain", text: text)) }
        loop.runJobs()
        goOn()
    }
}

/// Takes as many bytes as a client has room for.
final class BoundedWriter: ByteWriter {
    private(set) var bytes: [UInt8] = []
    var room: Int
    var isBroken = false
    /// Whether the bytes of files find room. They are not kept.
    var takesFiles = false
    /// What the kernel says that the client has acknowledged.
    var acknowledged: UInt64?
    private(set) var isFinished = false
    private(set) var isClosed = false

    init(room: Int) { self.room = room }

    func write(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Int {
        precondition(!isFinished && !isClosed, "written after the end")
        guard !isBroken else { return -1 }
        let ofFirst = min(room, first.count)
        let ofSecond = min(room - ofFirst, second.count)
        bytes += first.prefix(ofFirst)
        bytes += second.prefix(ofSecond)
        if room != .max { room -= ofFirst + ofSecond }
        return ofFirst + ofSecond
    }

    func write(_ file: borrowing ResponseFile, from place: Int) -> Int {
        takesFiles ? min(Int(file.length) - place, 100_000) : 0
    }

    func finish() {
        precondition(!isFinished && !isClosed, "ended twice")
        isFinished = true
    }

    var hasUnsent: Bool { false }

    func close(resetting: Bool) {
        precondition(!isClosed, "closed twice")
        isClosed = true
    }
}
