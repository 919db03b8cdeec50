#if canImport(HTTPServer)
    @testable import HTTPServer
#endif

/// What a ``FormReader`` finds in a whole body.
struct FormContents: Equatable {
    struct Part: Equatable {
        var name: String
        var fileName: String?
        var content: [UInt8] = []
        var isWhole = false
    }

    var parts: [Part] = []
    var hasEnded = false
    var fault: FormFault?

    init(parts: [Part]) {
        self.parts = parts
        hasEnded = true
    }

    /// Reads a body that is cut at the given places, which are in ascending order.
    init(_ boundary: FormBoundary, _ body: UnsafeRawBufferPointer, cuts: some Collection<Int> = []) {
        var reader = FormReader(boundary)
        var start = 0
        do throws(FormFault) {
            for end in cuts { try take(UnsafeRawBufferPointer(rebasing: body[start..<end]), &reader, &start) }
            try take(UnsafeRawBufferPointer(rebasing: body[start...]), &reader, &start)
            try reader.finish()
        } catch {
            fault = error
        }
    }

    init(_ boundary: FormBoundary, _ body: [UInt8], cuts: some Collection<Int> = []) {
        // A copy of each piece's own size would find reading beyond it, but costs too much here; the fuzzer does it.
        self = body.withUnsafeBytes { FormContents(boundary, $0, cuts: cuts) }
    }

    private mutating func take(
        _ piece: UnsafeRawBufferPointer, _ reader: inout FormReader, _ start: inout Int
    ) throws(FormFault) {
        start += piece.count
        var rest = piece
        while let event = try reader.next(from: &rest) {
            precondition(!hasEnded, "an event after the end")
            switch event {
            case .partBegins(let head):
                precondition(parts.last?.isWhole ?? true, "a part begins inside of another one")
                parts.append(Part(name: head.name, fileName: head.fileName))
            case .content(let bytes):
                precondition(!bytes.isEmpty && !parts.isEmpty && !parts[parts.count - 1].isWhole, "stray content")
                parts[parts.count - 1].content += bytes
            case .partEnds:
                precondition(!parts[parts.count - 1].isWhole, "a part ends twice")
                parts[parts.count - 1].isWhole = true
            case .ends:
                precondition(parts.last?.isWhole ?? true, "the form ends inside of a part")
                hasEnded = true
            }
        }
        precondition(rest.isEmpty, "bytes left unread")
    }
}

extension FormBoundary {
    /// The boundary of a `Content-Type`, given as text.
    init(_ contentType: String?) throws(FormFault) {
        guard let contentType else { throw .noContentType }
        let bytes = Array(contentType.utf8)
        var result: Result<FormBoundary, FormFault> = .failure(.noContentType)
        bytes.withUnsafeBufferPointer { bytes in
            do throws(FormFault) {
                result = .success(try FormBoundary(contentType: bytes))
            } catch {
                result = .failure(error)
            }
        }
        self = try result.get()
    }
}
