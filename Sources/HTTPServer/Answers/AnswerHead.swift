import Glibc

/// Writes the heads of answers (RFC 9112, section 4) into memory that it uses again. Only one loop's thread uses it.
struct AnswerHead: ~Copyable {
    /// What was written last.
    private(set) var buffer = ResponseBuffer(capacity: 1024)
    private var date = ResponseBuffer(capacity: 64)
    private var second: Int = -1

    /// Writes the head of an answer.
    ///
    /// - Parameter connection: what becomes of the connection after it.
    mutating func write(_ response: borrowing Response, connection: ConnectionLine) {
        buffer.removeAll()
        appendStatusLine(response.status)
        buffer.append(date.bytes)
        buffer.append(response.lines.bytes)
        if !response.hasNoBody {
            buffer.append("Content-Length: ")
            buffer.append(decimal: response.length)
            buffer.append("\r\n")
        }
        buffer.append(connection.text)
    }

    /// Sets the time that `Date` names.
    ///
    /// - Parameter now: seconds since 1970.
    mutating func setDate(_ now: Int) {
        guard now != second else { return }
        second = now
        var (time, parts) = (time_t(now), tm())
        gmtime_r(&time, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = Self.days[Int(parts.tm_wday)]
        let month = Self.months[Int(parts.tm_mon)]
        date.removeAll()
        date.append(
            text: "Date: \(day), \(two(parts.tm_mday)) \(month) \(Int(parts.tm_year) + 1900) "
                + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT\r\n")
    }

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private mutating func appendStatusLine(_ status: Int) {
        if let line = Self.statusLine(status) { return buffer.append(line) }
        // A status line may do without words (RFC 9112, section 4).
        buffer.append("HTTP/1.1 ")
        buffer.append(decimal: status)
        buffer.append(" \r\n")
    }

    private static func statusLine(_ status: Int) -> StaticString? {
        switch status {
        case 200: "HTTP/1.1 200 OK\r\n"
        case 201: "HTTP/1.1 201 Created\r\n"
        case 202: "HTTP/1.1 202 Accepted\r\n"
        case 204: "HTTP/1.1 204 No Content\r\n"
        case 206: "HTTP/1.1 206 Partial Content\r\n"
        case 301: "HTTP/1.1 301 Moved Permanently\r\n"
        case 302: "HTTP/1.1 302 Found\r\n"
        case 303: "HTTP/1.1 303 See Other\r\n"
        case 304: "HTTP/1.1 304 Not Modified\r\n"
        case 307: "HTTP/1.1 307 Temporary Redirect\r\n"
        case 308: "HTTP/1.1 308 Permanent Redirect\r\n"
        case 400: "HTTP/1.1 400 Bad Request\r\n"
        case 401: "HTTP/1.1 401 Unauthorized\r\n"
        case 403: "HTTP/1.1 403 Forbidden\r\n"
        case 404: "HTTP/1.1 404 Not Found\r\n"
        case 405: "HTTP/1.1 405 Method Not Allowed\r\n"
        case 406: "HTTP/1.1 406 Not Acceptable\r\n"
        case 408: "HTTP/1.1 408 Request Timeout\r\n"
        case 409: "HTTP/1.1 409 Conflict\r\n"
        case 410: "HTTP/1.1 410 Gone\r\n"
        case 412: "HTTP/1.1 412 Precondition Failed\r\n"
        case 413: "HTTP/1.1 413 Content Too Large\r\n"
        case 414: "HTTP/1.1 414 URI Too Long\r\n"
        case 415: "HTTP/1.1 415 Unsupported Media Type\r\n"
        case 416: "HTTP/1.1 416 Range Not Satisfiable\r\n"
        case 417: "HTTP/1.1 417 Expectation Failed\r\n"
        case 422: "HTTP/1.1 422 Unprocessable Content\r\n"
        case 428: "HTTP/1.1 428 Precondition Required\r\n"
        case 429: "HTTP/1.1 429 Too Many Requests\r\n"
        case 431: "HTTP/1.1 431 Request Header Fields Too Large\r\n"
        case 500: "HTTP/1.1 500 Internal Server Error\r\n"
        case 503: "HTTP/1.1 503 Service Unavailable\r\n"
        case 505: "HTTP/1.1 505 HTTP Version Not Supported\r\n"
        default: nil
        }
    }
}

/// What an answer says of the connection after it.
enum ConnectionLine {
    /// It goes on, as HTTP/1.1 does without a word.
    case goesOn
    /// It goes on because a client of HTTP/1.0 asked for that.
    case keepsAlive
    case closes

    /// The last lines of a head.
    var text: StaticString {
        switch self {
        case .goesOn: "\r\n"
        case .keepsAlive: "Connection: keep-alive\r\n\r\n"
        case .closes: "Connection: close\r\n\r\n"
        }
    }
}
