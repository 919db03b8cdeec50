internal import Application
internal import Bytes
internal import HTTPServer
internal import Microblog
internal import Projections
internal import Synchronization
internal import Threads

/// What all loops share.
final class Service: Sendable {
    let martlet: Martlet
    let configuration: AdapterConfiguration
    let admission: Admission
    let limits = LimitCounters()
    let webRoot: WebRoot?
    let longRequests = LongRequests()
    /// What readers saw of their newest feeds.
    let feeds: FeedCache
    /// Places for uploads and files being sent.
    let files = FilePlaces()
    let counters = Guarded<@Sendable () -> ServerCounters>({ ServerCounters() })

    init(_ martlet: Martlet, _ configuration: AdapterConfiguration) {
        self.martlet = martlet
        self.configuration = configuration
        feeds = FeedCache(memory: configuration.feedMemory)
        admission = Admission(configuration)
        webRoot = configuration.webRoot.map { WebRoot($0) }
        Documents.prepare()
    }

    /// A place for a file.
    ///
    /// - Throws: 503 while all are taken.
    func filePlace() throws(APIError) -> FilePlace {
        guard let place = files.take() else {
            throw APIError(
                503, "unavailable", "too many files are being sent and received; try again in 1 s", retryAfter: 1,
                limit: .openFiles)
        }
        return place
    }

    /// The newest position that an answer was read at. A loop can read what was committed a moment before the follower
    /// says so, and no later answer may name less.
    private let newestRead = Atomic<UInt64>(0)

    /// The position that an answer names when it was not read from a snapshot.
    var position: UInt64 { max(martlet.visiblePosition, newestRead.load(ordering: .acquiring)) }

    /// A JSON answer.
    func json(_ status: Int, _ body: consuming ResponseBuffer, position: UInt64? = nil) -> Response {
        if let position, position > newestRead.load(ordering: .relaxed) {
            newestRead.max(position, ordering: .releasing)
        }
        var response = Response(status: status, headerBlock: ContentPolicy.json, body: body)
        response.add("Martlet-Position", number: position ?? self.position)
        return response
    }

    /// A JSON answer with a fixed text.
    func json(_ status: Int, _ text: StaticString) -> Response {
        var response = Response(status: status, headerBlock: ContentPolicy.json, text: text)
        response.add("Martlet-Position", number: position)
        return response
    }

    /// An error in the contract's form. If the request met a limit, this counts it.
    func error(_ error: APIError) -> Response {
        if let limit = error.limit { limits.add(limit) }
        var buffer = ResponseBuffer(capacity: 256)
        buffer.append("{\"result\":false,\"error_type\":")
        buffer.append(jsonString: error.type)
        buffer.append(",\"error_message\":")
        buffer.append(jsonString: error.message)
        buffer.append("}")
        var response = json(error.status, buffer)
        if let seconds = error.retryAfter { response.add("Retry-After", number: UInt64(seconds)) }
        if let coding = error.acceptedEncoding { response.add("Accept-Encoding", coding) }
        return response
    }
}

/// JSON in the form of answers: control characters are written by number.
extension ResponseBuffer {
    /// Appends a JSON string of UTF-8 bytes, quotes included.
    mutating func append(jsonString bytes: UnsafeRawBufferPointer) {
        appendUnchecked(room: JSONString.room(for: bytes.count)) { JSONString.write(bytes, .numbered, to: $0) }
    }

    /// Appends a JSON string.
    mutating func append(jsonString text: String) {
        text.withUTF8Bytes { append(jsonString: $0) }
    }

    /// Appends a moment as a JSON string.
    mutating func append(jsonTime milliseconds: Int64) {
        append(UInt8(ascii: "\""))
        appendUnchecked(room: 24) { target in
            Timestamp(milliseconds).write(to: UnsafeMutableRawBufferPointer(start: target, count: 24))
            return 24
        }
        append(UInt8(ascii: "\""))
    }
}
