/// Where a request's body ends, as its header says, and whether the header says it soundly.
///
/// The library takes the first of several Content-Length lines, takes one beside Transfer-Encoding, and accepts a
/// missing Host. A proxy in front may decide otherwise. Then the two would disagree where the next request begins.
struct Framing {
    enum Fault: String {
        case repeatedLength = "the request has more than one Content-Length"
        case malformedLength = "Content-Length is no plain decimal number"
        case lengthAndEncoding = "the request has both Content-Length and Transfer-Encoding"
        case unsupportedEncoding = "the only Transfer-Encoding taken is chunked, once, with HTTP/1.1"
        case missingHost = "a request with HTTP/1.1 needs a Host header"
        case repeatedHost = "the request has more than one Host header"
        case malformedName = "a header name has a character that no name may have"
        case zeroByteInTarget = "the request's target has a zero byte"
    }

    /// The length that the client declared.
    private(set) var length: UInt64?
    private(set) var isChunked = false
    /// Whether the client waits for permission before it sends the body.
    private(set) var expectsContinue = false

    private var fault: Fault?
    private var hosts = 0
    private var encodings = 0

    init() {}

    /// The framing of a request that came without a socket: its body has this many bytes.
    init(length: Int) { self.length = UInt64(length) }

    var hasBody: Bool { isChunked || (length ?? 0) > 0 }

    /// Takes note of one header line.
    mutating func note(name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) {
        // A space before the colon hides a line from the library, but not from every proxy.
        for byte in name where byte <= UInt8(ascii: " ") || byte == 0x7F { fault = fault ?? .malformedName }
        switch name.count {
        case 4 where name.isEqual(caseless: "host"):
            hosts += 1
        case 6 where name.isEqual(caseless: "expect"):
            expectsContinue = value.isEqual(caseless: "100-continue")
        case 14 where name.isEqual(caseless: "content-length"):
            noteLength(value)
        case 17 where name.isEqual(caseless: "transfer-encoding"):
            encodings += 1
            isChunked = value.isEqual(caseless: "chunked")
        default:
            break
        }
    }

    /// What is wrong with the header, once all of its lines have been noted.
    func fault(isVersion11: Bool) -> Fault? {
        if let fault { return fault }
        if encodings > 0 {
            if length != nil { return .lengthAndEncoding }
            if encodings > 1 || !isChunked || !isVersion11 { return .unsupportedEncoding }
        }
        if hosts > 1 { return .repeatedHost }
        if hosts == 0 && isVersion11 { return .missingHost }
        return nil
    }

    private mutating func noteLength(_ value: UnsafeBufferPointer<UInt8>) {
        if length != nil { fault = .repeatedLength }
        var number: UInt64 = 0
        for byte in value {
            let digit = UInt64(byte &- UInt8(ascii: "0"))
            let (tens, tooLong) = number.multipliedReportingOverflow(by: 10)
            let (sum, tooLarge) = tens.addingReportingOverflow(digit)
            if digit > 9 || tooLong || tooLarge { fault = fault ?? .malformedLength }
            number = sum
        }
        if value.isEmpty { fault = fault ?? .malformedLength }
        length = number
    }
}
