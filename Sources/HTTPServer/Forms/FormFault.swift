/// Why a form, or the wanted part of it, is not taken.
///
/// The descriptions are for people at the other end: they name what came and say what is expected.
public enum FormFault: Error, Equatable, CustomStringConvertible {
    /// What sort of fault it is. An adapter chooses its answer by this.
    public enum Kind {
        /// The body is of another content type, or the content type names no boundary.
        case notMultipart
        /// The form breaks the grammar, or breaks off.
        case malformed
        /// The form has no part of the wanted name.
        case missing
        /// The form has more than one part of the wanted name.
        case repeated
        /// The file, the form around it, a part's head or the number of parts is above its limit.
        case overLimit
    }

    /// The request has no `Content-Type`.
    case noContentType
    /// The body is of another content type.
    case otherContentType(String)
    /// `Content-Type` has no boundary.
    case noBoundary

    /// The parameters of `Content-Type` cannot be read.
    case malformedContentType(ParameterFault)
    /// The boundary has no character, or more than RFC 2046 allows.
    case boundaryLength(Int)
    /// The boundary has a character that RFC 2046 does not allow there.
    case boundaryCharacter(UInt8)
    /// The body ends, and its boundary never came.
    case noDelimiter(boundary: String)
    /// The body ends before the closing boundary.
    case brokenOff(boundary: String)
    /// A line begins with the boundary and goes on with something else.
    case textAfterBoundary(UInt8)
    /// A line of a part's head, or a boundary, ends with LF alone.
    case lineFeedAlone
    /// A CR is not followed by LF, in a part's head or after a boundary.
    case carriageReturnAlone
    /// A part's head has a zero byte.
    case zeroByte
    /// A line of a part's head begins with white space, so it continues the one before it.
    case foldedLine
    /// A line of a part's head is not `name: value`.
    case malformedLine(String)
    /// A part has no `Content-Disposition`.
    case noDisposition
    /// A line that must be unique stands twice in a part's head.
    case repeatedLine(String)
    /// A part's `Content-Disposition` is not `form-data`.
    case otherDisposition(String)
    /// The parameters of a part's `Content-Disposition` cannot be read.
    case malformedDisposition(ParameterFault)
    /// A part has no name.
    case noName
    /// A part has an encoding, which RFC 7578, 4.7, deprecates.
    case transferEncoding(String)

    /// The form has no part of this name.
    case partMissing(String)
    /// The form has more than one part of this name.
    case partRepeated(String)

    /// A part's head has more bytes than this.
    case headTooLong(limit: Int)
    /// The form has more parts than this.
    case tooManyParts(limit: Int)
    /// The wanted part has more bytes than this.
    case fileTooLong(limit: Int)
    /// The whole body has more bytes than this.
    case formTooLong(limit: Int)

    /// What sort of fault it is.
    public var kind: Kind {
        switch self {
        case .noContentType, .otherContentType, .noBoundary: .notMultipart
        case .partMissing: .missing
        case .partRepeated: .repeated
        case .headTooLong, .tooManyParts, .fileTooLong, .formTooLong: .overLimit
        default: .malformed
        }
    }

    public var description: String {
        switch self {
        case .noContentType: "the request has no Content-Type; a form has multipart/form-data with a boundary"
        case .otherContentType(let type): "the body is \(Self.shown(type)); it must be multipart/form-data"
        case .noBoundary: "Content-Type is multipart/form-data without a boundary"
        case .malformedContentType(let fault): "Content-Type cannot be read: \(fault)"
        case .boundaryLength(let count): "the boundary has \(count) characters; 1 to 70 are allowed"
        case .boundaryCharacter(let byte):
            "the boundary has \(Self.shown(byte)); letters, digits and '()+_,-./:=? are allowed, and spaces before them"
        case .noDelimiter(let boundary):
            "the body has no line \(Self.shown("--" + boundary)), the boundary of its Content-Type"
        case .brokenOff(let boundary): "the form breaks off: no line \(Self.shown("--" + boundary + "--")) ends it"
        case .textAfterBoundary(let byte):
            "a line begins with the boundary and goes on with \(Self.shown(byte)); no part may have the boundary in it"
        case .lineFeedAlone: "a line of the form ends with LF alone; it must end with CR and LF"
        case .carriageReturnAlone: "a CR stands without LF in a part's head or after the boundary"
        case .zeroByte: "a part's head has a zero byte"
        case .foldedLine: "a line of a part's head begins with white space; write each field on one line"
        case .malformedLine(let line): "the line \(Self.shown(line)) of a part's head is not name: value"
        case .noDisposition: "a part has no Content-Disposition"
        case .repeatedLine(let name): "a part has two lines \(name)"
        case .otherDisposition(let word): "a part's Content-Disposition is \(Self.shown(word)); it must be form-data"
        case .malformedDisposition(let fault): "a part's Content-Disposition cannot be read: \(fault)"
        case .noName: "a part's Content-Disposition has no name"
        case .transferEncoding(let encoding):
            "a part's Content-Transfer-Encoding is \(Self.shown(encoding)); send its bytes as they are"
        case .partMissing(let name): "the form has no part \(Self.shown(name))"
        case .partRepeated(let name): "the form has more than one part \(Self.shown(name)); send one a request"
        case .headTooLong(let limit): "the head of a part is longer than \(limit) bytes"
        case .tooManyParts(let limit): "the form has more than \(limit) parts"
        case .fileTooLong(let limit): "the file is larger than \(limit) bytes"
        case .formTooLong(let limit): "the form is longer than \(limit) bytes"
        }
    }

    /// A text of the client's in quotes: at most 80 characters of it, and only visible ones of ASCII.
    static func shown(_ text: String) -> String {
        let visible = text.utf8.prefix(80).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }
        return "\"\(String(decoding: visible, as: UTF8.self))\(text.utf8.count > 80 ? "..." : "")\""
    }

    /// A byte of the client's: itself in quotes, or its number.
    static func shown(_ byte: UInt8) -> String {
        if (0x20..<0x7F).contains(byte) { return "\"\(Character(Unicode.Scalar(byte)))\"" }
        return "0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))"
    }
}
