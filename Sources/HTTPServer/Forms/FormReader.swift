internal import Glibc

/// What a ``FormReader`` found.
enum FormEvent {
    /// A part begins.
    case partBegins(PartHead)
    /// The next bytes of the part. They are valid until the reader is asked again.
    case content(UnsafeRawBufferPointer)
    /// The part is over.
    case partEnds
    /// The closing boundary is there. Whatever follows has no meaning.
    case ends
}

/// Reads a `multipart/form-data` body (RFC 7578, RFC 2046), cut into pieces in any way.
///
/// A pure state machine: it stores the delimiter, one part's head and nothing else, and never copies content. What it
/// finds does not depend on where the body is cut, except that content comes in other pieces.
///
///     while let event = try reader.next(from: &bytes) { ... }     // for every piece
///     try reader.finish()                                         // when the body is over
struct FormReader: ~Copyable {
    /// How many parts a form may have.
    static let partLimit = 100

    private enum State {
        /// In the content of a part, or in the preamble, which no part is.
        case text
        /// After a boundary, up to the end of its line.
        case boundaryLine(BoundaryLine)
        case head
        case epilogue
        case broken(FormFault)
    }

    /// What came after the boundary so far.
    private enum BoundaryLine {
        case nothing, hyphen, padding, carriageReturn
    }

    private enum Step {
        case event(FormEvent)
        case goOn, needsBytes
    }

    private let delimiter: FormDelimiter
    private let boundary: FormBoundary
    private var state = State.text
    private var isInPart = false
    private var partCount = 0
    /// How many bytes of the delimiter have come, in ``State/text``.
    private var matched = 2
    /// How many of them did not come: a delimiter at the very beginning of the body or of a part needs no line end.
    private var assumed = 2
    /// The head so far, up to the end of its last piece.
    private var head: [UInt8] = []
    /// Where the last line of the head begins.
    private var lineStart = 0

    /// Begins at the beginning of a body.
    init(_ boundary: FormBoundary) {
        self.boundary = boundary
        delimiter = FormDelimiter(boundary)
    }

    /// Goes on to the next event.
    ///
    /// - Parameter bytes: the next bytes of the body. Those that were read are taken off.
    /// - Returns: `nil` when there is no more event in these bytes; then all of them were read.
    /// - Throws: why the form cannot be read. The same fault comes again after that.
    mutating func next(from bytes: inout UnsafeRawBufferPointer) throws(FormFault) -> FormEvent? {
        do throws(FormFault) {
            while true {
                switch try step(&bytes) {
                case .event(let event): return event
                case .goOn: continue
                case .needsBytes: return nil
                }
            }
        } catch {
            state = .broken(error)
            throw error
        }
    }

    /// The body is over.
    ///
    /// - Throws: when the form is not complete.
    func finish() throws(FormFault) {
        switch state {
        case .epilogue: return
        case .broken(let fault): throw fault
        case .text where !isInPart: throw .noDelimiter(boundary: boundary.text)
        default: throw .brokenOff(boundary: boundary.text)
        }
    }

    private mutating func step(_ bytes: inout UnsafeRawBufferPointer) throws(FormFault) -> Step {
        switch state {
        case .text: return readText(&bytes)
        case .boundaryLine(let line): return try readBoundaryLine(line, &bytes)
        case .head: return try readHead(&bytes)
        case .epilogue:
            _ = bytes.take(bytes.count)
            return .needsBytes
        case .broken(let fault): throw fault
        }
    }

    private mutating func readText(_ bytes: inout UnsafeRawBufferPointer) -> Step {
        if matched > 0 {
            matched += bytes.take(delimiter.match(bytes, from: matched)).count
            if matched == delimiter.count {
                state = .boundaryLine(.nothing)
                defer { isInPart = false }
                return isInPart ? .event(.partEnds) : .goOn
            }
            if bytes.isEmpty { return .needsBytes }
            // It was text after all. It has the very bytes of the delimiter.
            let held = delimiter.bytes(assumed..<matched)
            matched = 0
            return text(held)
        }
        if bytes.isEmpty { return .needsBytes }
        let found = delimiter.find(in: bytes)
        let passed = bytes.take(found.start)
        _ = bytes.take(found.matched)
        matched = found.matched
        assumed = 0
        return text(passed)
    }

    private func text(_ bytes: UnsafeRawBufferPointer) -> Step {
        isInPart && !bytes.isEmpty ? .event(.content(bytes)) : .goOn
    }

    private mutating func readBoundaryLine(
        _ line: BoundaryLine, _ bytes: inout UnsafeRawBufferPointer
    ) throws(FormFault) -> Step {
        guard let byte = bytes.take(min(1, bytes.count)).first else { return .needsBytes }
        switch line {
        case .hyphen:
            guard byte == UInt8(ascii: "-") else { throw .textAfterBoundary(byte) }
            state = .epilogue
            return .event(.ends)
        case .carriageReturn:
            guard byte == 0x0A else { throw .carriageReturnAlone }
            if partCount == Self.partLimit { throw .tooManyParts(limit: Self.partLimit) }
            partCount += 1
            state = .head
        case .nothing where byte == UInt8(ascii: "-"): state = .boundaryLine(.hyphen)
        default:
            switch byte {
            case 0x20, 0x09: state = .boundaryLine(.padding)
            case 0x0D: state = .boundaryLine(.carriageReturn)
            case 0x0A: throw .lineFeedAlone
            default: throw .textAfterBoundary(byte)
            }
        }
        return .goOn
    }

    private mutating func readHead(_ bytes: inout UnsafeRawBufferPointer) throws(FormFault) -> Step {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return .needsBytes }
        let lineFeed = memchr(start, 0x0A, bytes.count).map { UnsafeRawPointer($0) - start }
        let piece = bytes.take(lineFeed.map { $0 + 1 } ?? bytes.count)
        guard piece.count <= PartHead.lengthLimit - head.count else { throw .headTooLong(limit: PartHead.lengthLimit) }
        head.append(contentsOf: piece)
        if lineFeed == nil { return .needsBytes }
        guard head.count >= lineStart + 2, head[head.count - 2] == 0x0D else { throw .lineFeedAlone }
        if head.count > lineStart + 2 {
            lineStart = head.count
            return .goOn
        }
        head.removeLast(2)
        let part = try PartHead(head)
        head.removeAll(keepingCapacity: true)
        lineStart = 0
        state = .text
        isInPart = true
        // The empty line may be the one that the next boundary needs before it.
        matched = 2
        assumed = 2
        return .event(.partBegins(part))
    }
}

extension UnsafeRawBufferPointer {
    /// Takes some bytes off the beginning.
    fileprivate mutating func take(_ count: Int) -> UnsafeRawBufferPointer {
        let taken = UnsafeRawBufferPointer(rebasing: self[..<count])
        self = UnsafeRawBufferPointer(rebasing: self[count...])
        return taken
    }
}
