/// One answer: status, header lines and a body that is handed over without a copy.
///
/// The connection itself adds Date, Content-Length and Connection. They do not belong here.
public struct Response: ~Copyable {
    /// The status, such as 200.
    public let status: Int
    /// Header lines as they go over the wire, each with its CR LF.
    private(set) var lines = ResponseBuffer(capacity: 256)
    let body: ResponseBody

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

    /// An answer with a body that was written for it, and header lines that many answers have in common.
    ///
    /// - Parameter headerBlock: lines as they stand on the wire, each with its CRLF, `Content-Type` among them. They go
    ///   out as one piece, so that ten lines cost no more than one.
    public init(status: Int, headerBlock: StaticString, body: consuming ResponseBuffer) {
        self.status = status
        self.body = .buffer(body)
        lines.append(headerBlock)
    }

    /// An answer whose body is known when the program is built, with header lines that many answers have in common.
    ///
    /// - Parameter headerBlock: lines as they stand on the wire, each with its CRLF, `Content-Type` among them.
    public init(status: Int, headerBlock: StaticString, text: StaticString) {
        self.status = status
        body = .text(text)
        lines.append(headerBlock)
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
        begin(name)
        lines.append(value)
        lines.append("\r\n")
    }

    /// Adds a header line. Control characters, which would end the line, become spaces.
    public mutating func add(_ name: StaticString, string value: String) {
        begin(name)
        for byte in value.utf8 { lines.append(byte < 32 || byte == 127 ? 32 : byte) }
        lines.append("\r\n")
    }

    /// Adds a header line that holds a number.
    public mutating func add(_ name: StaticString, number value: UInt64) {
        begin(name)
        lines.append(decimal: value)
        lines.append("\r\n")
    }

    /// Adds header lines as they go over the wire, each with its CR LF.
    mutating func add(lines more: [UInt8]) { more.withUnsafeBytes { lines.append($0) } }

    /// How many bytes the body has.
    var length: UInt64 { body.length }

    /// Whether answers with its status have neither a body nor a length (RFC 9110, sections 6.4.1 and 8.6).
    var hasNoBody: Bool { status == 204 || status == 304 }

    consuming func takeBody() -> ResponseBody { body }

    private mutating func begin(_ name: StaticString) {
        lines.append(name)
        lines.append(": ")
    }
}

/// What an answer carries.
enum ResponseBody: ~Copyable {
    case empty
    case buffer(ResponseBuffer)
    case text(StaticString)
    case file(ResponseFile)

    var length: UInt64 {
        switch self {
        case .empty: 0
        case .buffer(let buffer): UInt64(buffer.count)
        case .text(let text): UInt64(text.utf8CodeUnitCount)
        case .file(let file): file.length
        }
    }

    /// How many bytes of memory it takes, apart from what is in the program or on the disk.
    var memory: Int {
        switch self {
        case .buffer(let buffer): buffer.count
        case .empty: 0
        case .text: 0
        case .file: 0
        }
    }
}
