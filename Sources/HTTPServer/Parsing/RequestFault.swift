internal import CHTTPParser

/// Why a request is refused before its handler sees it. The connection is closed after the answer: where the next
/// request begins is in doubt.
enum RequestFault: Error, Equatable {
    case requestLine, version, unsupportedVersion
    case fieldName, fieldValue, lineEnding, foldedLine
    case targetTooLong, headTooLong, tooManyFields
    case malformedTarget, malformedEscape, zeroByteInTarget
    case missingHost, repeatedHost, malformedHost
    case malformedLength, repeatedLength, lengthAndEncoding, unsupportedEncoding, repeatedType, unknownExpectation
    case chunk, chunkLine, trailer, breaksOff
    case slowHead, slowBody, slowHandler
    case noMemory, stopping

    init?(_ fault: martlet_fault) {
        switch fault {
        case martlet_fault_none: return nil
        case martlet_fault_request_line: self = .requestLine
        case martlet_fault_version: self = .version
        case martlet_fault_unsupported_version: self = .unsupportedVersion
        case martlet_fault_field_name: self = .fieldName
        case martlet_fault_line_ending: self = .lineEnding
        case martlet_fault_content_length: self = .malformedLength
        case martlet_fault_transfer_encoding: self = .unsupportedEncoding
        case martlet_fault_too_many_fields: self = .tooManyFields
        case martlet_fault_chunk: self = .chunk
        case martlet_fault_chunk_line: self = .chunkLine
        case martlet_fault_trailer: self = .trailer
        default: self = .fieldValue
        }
    }

    /// The status of the answer.
    var status: Int {
        switch self {
        case .targetTooLong: 414
        case .headTooLong, .tooManyFields: 431
        case .unsupportedVersion: 505
        case .unknownExpectation: 417
        case .slowHead, .slowBody: 408
        case .slowHandler, .noMemory, .stopping: 503
        default: 400
        }
    }

    /// A short name for programs.
    var type: StaticString {
        switch self {
        case .targetTooLong: "uri_too_long"
        case .headTooLong, .tooManyFields: "header_too_large"
        case .unsupportedVersion: "version_not_supported"
        case .unknownExpectation: "expectation_failed"
        case .slowHead, .slowBody: "request_timeout"
        case .slowHandler, .noMemory, .stopping: "unavailable"
        default: "bad_request"
        }
    }

    /// One sentence for people.
    var message: String {
        switch self {
        case .requestLine: "the request line is not: method, one space, target, one space, version"
        case .version: "the request line does not end in a version such as HTTP/1.1"
        case .unsupportedVersion: "this server speaks HTTP/1.1 and HTTP/1.0"
        case .fieldName: "a header name is empty or has a character that no name may have"
        case .fieldValue: "a header's value is malformed, or has a character that no value may have"
        case .lineEnding: "a line of the header does not end in CR LF"
        case .foldedLine: "a header line begins with white space; folded lines are not taken"
        case .targetTooLong: "the request's target is too long"
        case .headTooLong: "the header is too long"
        case .tooManyFields: "the header has more than \(martlet_most_fields) lines"
        case .malformedTarget: "the request's target is no path, and no http address with one"
        case .malformedEscape: "a percent sign in the path is not followed by two hexadecimal digits"
        case .zeroByteInTarget: "the request's target has a zero byte"
        case .missingHost: "a request with HTTP/1.1 needs a Host header"
        case .repeatedHost: "the request has more than one Host header"
        case .malformedHost: "the Host header is no host with an optional port"
        case .malformedLength:
            "Content-Length is no plain decimal number below 2^63, or stands twice or beside Transfer-Encoding"
        case .repeatedLength: "the request has more than one Content-Length"
        case .lengthAndEncoding: "the request has both Content-Length and Transfer-Encoding"
        case .unsupportedEncoding:
            "the only Transfer-Encoding taken is chunked, once, with HTTP/1.1 and without Content-Length"
        case .repeatedType: "the request has more than one Content-Type"
        case .unknownExpectation: "the only expectation that is met is 100-continue"
        case .chunk: "a chunk of the body is malformed"
        case .chunkLine: "the line before a chunk is too long"
        case .trailer: "the trailer of the body is malformed or too long"
        case .breaksOff: "the request breaks off"
        case .slowHead: "the header did not come in time"
        case .slowBody: "the body did not come in time"
        case .slowHandler: "the request was not answered in time"
        case .stopping: "the server stops, and the request has not come in whole"
        case .noMemory: "there is no memory for the request"
        }
    }
}
