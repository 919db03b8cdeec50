/// What the lines of a head say about the body and the connection, and whether they say it soundly.
///
/// A proxy in front may read a doubtful head in another way. Then the two would disagree where the next request begins.
/// So what could be read in two ways is a fault.
struct Framing {
    /// The length that the client declared.
    private(set) var length: UInt64?
    private(set) var isChunked = false
    /// Whether the client waits for permission before it sends the body.
    private(set) var expectsContinue = false
    /// Whether `Connection` says close. That counts before anything else it says (RFC 9112, section 9.3).
    private(set) var saysClose = false

    private var fault: RequestFault?
    /// Apart from the fault, because HTTP/1.0 overlooks it; it must not hide another one.
    private var hasUnknownExpectation = false
    private var hosts = 0
    private var types = 0
    private var encodings = 0

    init() {}

    var hasBody: Bool { isChunked || (length ?? 0) > 0 }

    /// Takes note of one header line.
    mutating func note(name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) {
        switch name.count {
        case 4 where name.isEqual(caseless: "host"):
            hosts += 1
            if !Host.isValid(value) { fault = fault ?? .malformedHost }
        case 6 where name.isEqual(caseless: "expect"):
            if value.isEqual(caseless: "100-continue") { expectsContinue = true } else { hasUnknownExpectation = true }
        case 10 where name.isEqual(caseless: "connection"):
            saysClose = saysClose || Self.hasToken("close", value)
        case 12 where name.isEqual(caseless: "content-type"):
            types += 1
            if types > 1 { fault = fault ?? .repeatedType }
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
    mutating func fault(isVersion11: Bool) -> RequestFault? {
        // HTTP/1.0 knows no such expectation (RFC 9110, section 10.1.1).
        if !isVersion11 { expectsContinue = false }
        if let fault { return fault }
        if encodings > 0 {
            if length != nil { return .lengthAndEncoding }
            if encodings > 1 || !isChunked || !isVersion11 { return .unsupportedEncoding }
        }
        if hosts > 1 { return .repeatedHost }
        if hosts == 0 && isVersion11 { return .missingHost }
        return isVersion11 && hasUnknownExpectation ? .unknownExpectation : nil
    }

    /// Whether a list has a word, letters compared without case.
    ///
    /// - Parameter word: in small letters.
    private static func hasToken(_ word: StaticString, _ list: UnsafeBufferPointer<UInt8>) -> Bool {
        list.split(separator: UInt8(ascii: ",")).contains { item in
            let start = item.drop { $0 == 32 || $0 == 9 }
            let token = start.prefix { $0 != 32 && $0 != 9 }
            return UnsafeBufferPointer(rebasing: token).isEqual(caseless: word)
        }
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
        if value.isEmpty || number > UInt64(Int.max) { fault = fault ?? .malformedLength }
        length = number
    }
}
