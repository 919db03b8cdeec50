/// The header lines of a part of a form, of which only `Content-Disposition` has a meaning (RFC 7578, 4.2).
///
/// `Content-Transfer-Encoding` is looked at too: bytes that are encoded would be stored as if they were the file.
/// All other lines are passed over, if they are lines.
struct PartHead: Equatable {
    /// How many bytes the lines may have together, with their ends and the empty line.
    static let lengthLimit = 8192

    /// The name of the form's field.
    let name: String
    /// The name of the file; `nil` when there is none, and empty when a browser sends a file field without a file.
    let fileName: String?

    /// Reads the lines. Each of them ends with CR and LF; the empty line is not among them.
    init(_ bytes: [UInt8]) throws(FormFault) {
        var disposition: ArraySlice<UInt8>?
        var encoding: ArraySlice<UInt8>?
        var rest = bytes[...]
        while !rest.isEmpty {
            let line = rest.prefix { $0 != 0x0D }
            rest = rest.dropFirst(line.count)
            guard rest.starts(with: [0x0D, 0x0A]) else { throw .carriageReturnAlone }
            rest = rest.dropFirst(2)
            let (name, value) = try Self.field(line)
            switch name {
            case "content-disposition":
                if disposition != nil { throw .repeatedLine("Content-Disposition") }
                disposition = value
            case "content-transfer-encoding":
                if encoding != nil { throw .repeatedLine("Content-Transfer-Encoding") }
                encoding = value
            default: break
            }
        }
        if let encoding { try Self.check(encoding: encoding) }
        guard let disposition else { throw .noDisposition }
        (name, fileName) = try Self.names(disposition)
    }

    private static func field(_ line: ArraySlice<UInt8>) throws(FormFault) -> (String, ArraySlice<UInt8>) {
        if let first = line.first, ParameterizedValue.isBlank(first) { throw .foldedLine }
        // Browsers escape CR, LF and quotes in names, and send all else as it is (HTML, multipart/form-data encoding).
        if line.contains(0) { throw .zeroByte }
        let name = line.prefix(while: ParameterizedValue.isTokenCharacter)
        let rest = line.dropFirst(name.count)
        guard !name.isEmpty, rest.first == UInt8(ascii: ":") else {
            throw .malformedLine(String(decoding: line.prefix(200), as: UTF8.self))
        }
        return (String(decoding: name, as: UTF8.self).lowercased(), ParameterizedValue.trimmed(rest.dropFirst()))
    }

    private static func check(encoding: ArraySlice<UInt8>) throws(FormFault) {
        let text = String(decoding: encoding, as: UTF8.self)
        switch text.lowercased() {
        case "7bit", "8bit", "binary": return
        default: throw .transferEncoding(text)
        }
    }

    private static func names(_ disposition: ArraySlice<UInt8>) throws(FormFault) -> (String, String?) {
        let value = ParameterizedValue(disposition)
        guard value.word == "form-data" else { throw .otherDisposition(value.word) }
        let parameters: [ParameterizedValue.Parameter]
        do throws(ParameterFault) {
            parameters = try value.parameters()
        } catch {
            throw .malformedDisposition(error)
        }
        var name: String?
        var fileName: String?
        var extendedName: String?
        var extendedFileName: String?
        for parameter in parameters {
            switch parameter.name {
            case "name": name = text(parameter)
            case "filename": fileName = text(parameter)
            // Some clients send a name like that when it is not ASCII; RFC 7578 does not know it.
            case "name*": extendedName = ExtendedValue.text(parameter.value)
            case "filename*": extendedFileName = ExtendedValue.text(parameter.value)
            default: break
            }
        }
        if name != nil && extendedName != nil { throw .malformedDisposition(.repeated("name")) }
        guard let name = name ?? extendedName else { throw .noName }
        return (name, extendedFileName ?? fileName)
    }

    /// The text of a parameter. Browsers write a quote as `%22`. Other bytes with a percent sign may be just that, and
    /// `%0D` and `%0A`, which browsers write too, are no loss in a name.
    private static func text(_ parameter: ParameterizedValue.Parameter) -> String {
        var bytes: [UInt8] = []
        var rest = parameter.value[...]
        while let byte = rest.first {
            if parameter.isQuoted, rest.starts(with: "%22".utf8) {
                bytes.append(UInt8(ascii: "\""))
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
