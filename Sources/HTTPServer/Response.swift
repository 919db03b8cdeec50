/// One answer: status, header lines and a body that is handed over without a copy.
public struct Response: ~Copyable {
    /// The status, such as 200.
    public let status: Int
    private(set) var headers: [ResponseHeader] = []
    let body: ResponseBody

    /// Whether the connection ends after this answer.
    var closesConnection = false

    /// An answer without a body.
    public init(status: Int) {
        self.status = status
        body = .empty
    }

    /// An answer with a body that was written for it.
    public init(status: Int, contentType: StaticString, body: consuming ResponseBuffer) {
        self.status = status
        self.body = .buffer(body)
        add("Content-Type", contentType)
    }

    /// An answer whose body is known when the program is built.
    public init(status: Int, contentType: StaticString, text: StaticString) {
        self.status = status
        body = .text(text)
        add("Content-Type", contentType)
    }

    /// An answer whose body is a part of a file.
    public init(status: Int, contentType: StaticString, file: consuming ResponseFile) {
        self.status = status
        body = .file(file)
        add("Content-Type", contentType)
    }

    /// Adds a header line that is known when the program is built.
    public mutating func add(_ name: StaticString, _ value: StaticString) {
        headers.append(ResponseHeader(name: name, value: .text(value)))
    }

    /// Adds a header line.
    public mutating func add(_ name: StaticString, string value: String) {
        headers.append(ResponseHeader(name: name, value: .string(value)))
    }

    /// Adds a header line that holds a number.
    public mutating func add(_ name: StaticString, number value: UInt64) {
        headers.append(ResponseHeader(name: name, value: .number(value)))
    }

    /// Adds header lines.
    mutating func add(_ lines: [ResponseHeader]) { headers += lines }

    /// How many bytes the body has.
    var length: UInt64 {
        switch body {
        case .empty: 0
        case .buffer(let buffer): UInt64(buffer.count)
        case .text(let text): UInt64(text.utf8CodeUnitCount)
        case .file(let file): file.length
        }
    }
}

/// What an answer carries.
enum ResponseBody: ~Copyable {
    case empty
    case buffer(ResponseBuffer)
    case text(StaticString)
    case file(ResponseFile)
}
