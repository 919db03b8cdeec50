/// The boundary between the parts of a form, as `Content-Type` names it (RFC 2046, 5.1.1).
struct FormBoundary: Equatable {
    /// The longest boundary that is allowed, in bytes.
    static let lengthLimit = 70

    /// Its characters, all ASCII.
    let bytes: [UInt8]

    /// Its characters.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Reads the boundary from the value of `Content-Type`.
    ///
    /// - Parameter contentType: `nil` when the request has no such header.
    /// - Throws: why the body is not a form that can be read.
    init(contentType: UnsafeBufferPointer<UInt8>?) throws(FormFault) {
        guard let contentType else { throw .noContentType }
        let value = ParameterizedValue(Array(contentType)[...])
        guard value.word == "multipart/form-data" else { throw .otherContentType(value.word) }
        let parameters: [ParameterizedValue.Parameter]
        do throws(ParameterFault) {
            parameters = try value.parameters()
        } catch {
            throw .malformedContentType(error)
        }
        guard let boundary = parameters.first(where: { $0.name == "boundary" }) else { throw .noBoundary }
        bytes = boundary.value
        guard 1...Self.lengthLimit ~= bytes.count else { throw .boundaryLength(bytes.count) }
        for byte in bytes where !Self.isAllowed(byte) { throw .boundaryCharacter(byte) }
        // It would look like the padding of a line.
        if bytes.last == UInt8(ascii: " ") { throw .boundaryCharacter(UInt8(ascii: " ")) }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: "+"), UInt8(ascii: "_"), UInt8(ascii: ","), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: " "):
            true
        default: false
        }
    }
}
