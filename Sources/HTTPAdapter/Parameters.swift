internal import Bytes
internal import HTTPServer

extension Exchange {
    /// A query parameter's value; `nil` if it is absent.
    ///
    /// - Throws: 422 if it is given twice.
    func parameter(_ name: StaticString) throws(APIError) -> String? {
        try parameterBytes(name).map { String(decoding: $0, as: UTF8.self) }
    }

    /// A query parameter as a whole number.
    ///
    /// - Throws: 422 if it is not a whole number, or is outside its bounds.
    func integer(_ name: StaticString, in range: ClosedRange<Int>) throws(APIError) -> Int? {
        guard let bytes = try parameterBytes(name) else { return nil }
        guard let value = Self.digits(bytes), range.contains(value) else {
            throw .unprocessable(
                "\(name) is \"\(String(decoding: bytes, as: UTF8.self).prefix(64))\"; it must be a whole number from "
                    + "\(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    private func parameterBytes(_ name: StaticString) throws(APIError) -> UnsafeBufferPointer<UInt8>? {
        let field = queryField(name)
        guard field.count < 2 else { throw .unprocessable("the parameter \(name) is given twice") }
        return field.first
    }

    /// The value of a header field that counts, and so may stand once: another reader might take another line.
    ///
    /// - Throws: 400 if there are several lines.
    func soleHeader(_ name: StaticString) throws(APIError) -> UnsafeBufferPointer<UInt8>? {
        let field = headerField(name)
        guard field.count < 2 else {
            throw .badRequest("the header \(name) stands \(field.count) times; send it once")
        }
        return field.first
    }

    /// The position that the client wants to see reflected.
    ///
    /// - Throws: 400 if the header does not hold a position.
    func wantedPosition() throws(APIError) -> UInt64? {
        guard let bytes = try soleHeader("Martlet-Wait") else { return nil }
        guard let position = Self.digits(bytes), position <= PathSegments.highestID else {
            let text = String(decoding: bytes, as: UTF8.self)
            throw .badRequest("Martlet-Wait is \"\(text.prefix(64))\"; it must be a log position, such as 812")
        }
        return UInt64(position)
    }

    /// The key that makes a write safe to send again.
    ///
    /// - Throws: 400 if the header does not have the form of such a key.
    func idempotencyKey() throws(APIError) -> String? {
        guard let bytes = try soleHeader("Idempotency-Key") else { return nil }
        guard 1...255 ~= bytes.count, bytes.allSatisfy({ 0x21...0x7e ~= $0 }) else {
            throw .badRequest("Idempotency-Key must have 1 to 255 visible ASCII characters")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func digits(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        1...18 ~= bytes.count ? Decimal.number(bytes).map { Int($0) } : nil
    }
}
