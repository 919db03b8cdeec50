/// The value of a header line that is a word with parameters: `multipart/form-data; boundary=X`, or
/// `form-data; name="file"`.
///
/// The grammar is that of RFC 9110, 5.6.6, with the tokens of RFC 2045, 5.1, which have `{` and `}` as well. Names are
/// compared without case. Empty parameters (`;;`) are passed over. White space around `=`, a parameter without a value
/// and a parameter that is given twice are refused, because not all readers read them alike.
struct ParameterizedValue {
    /// A parameter of a value.
    struct Parameter: Equatable {
        /// The name, in small letters.
        let name: String
        /// The value, without its quotes.
        let value: [UInt8]
        /// Whether the value stood in quotes.
        let isQuoted: Bool
    }

    /// How many parameters there may be. Each one is compared with those before it.
    static let parameterLimit = 16

    /// What stands before the first semicolon, without white space around it, in small letters.
    let word: String
    /// Everything from the first semicolon on.
    private let rest: ArraySlice<UInt8>

    /// Takes the word. The parameters are not looked at: they have no meaning when the word is an unexpected one.
    init(_ bytes: ArraySlice<UInt8>) {
        let end = bytes.firstIndex(of: UInt8(ascii: ";")) ?? bytes.endIndex
        word = String(decoding: Self.trimmed(bytes[..<end]), as: UTF8.self).lowercased()
        rest = bytes[end...]
    }

    /// Reads the parameters, in their order.
    ///
    /// In quotes a backslash protects a quote, as the RFC says. Browsers send a backslash as it is, before the last quote
    /// too, and write a quote as `%22` (HTML, multipart/form-data encoding). So what cannot be read in the first way is
    /// read in the second.
    func parameters() throws(ParameterFault) -> [Parameter] {
        do throws(ParameterFault) {
            return try parameters(protectingQuotes: true)
        } catch {
            if let parameters = try? parameters(protectingQuotes: false) { return parameters }
            throw error
        }
    }

    private func parameters(protectingQuotes: Bool) throws(ParameterFault) -> [Parameter] {
        var parameters: [Parameter] = []
        var rest = rest
        while !rest.isEmpty {
            // Every turn begins at a semicolon.
            rest = rest.dropFirst().drop(while: Self.isBlank)
            if rest.isEmpty || rest.first == UInt8(ascii: ";") { continue }
            let parameter = try Self.takeParameter(&rest, protectingQuotes)
            if parameters.contains(where: { $0.name == parameter.name }) { throw .repeated(parameter.name) }
            if parameters.count == Self.parameterLimit { throw .tooMany(limit: Self.parameterLimit) }
            parameters.append(parameter)
            rest = rest.drop(while: Self.isBlank)
            if let byte = rest.first, byte != UInt8(ascii: ";") {
                throw parameter.isQuoted
                    ? .textAfterQuote(parameter.name) : .unquotedCharacter(byte, parameter: parameter.name)
            }
        }
        return parameters
    }

    private static func takeParameter(
        _ rest: inout ArraySlice<UInt8>, _ protectingQuotes: Bool
    ) throws(ParameterFault) -> Parameter {
        let nameBytes = rest.prefix(while: isTokenCharacter)
        let name = String(decoding: nameBytes, as: UTF8.self).lowercased()
        rest = rest.dropFirst(nameBytes.count)
        guard !name.isEmpty else { throw .noName(at: rest[rest.startIndex]) }
        guard rest.first == UInt8(ascii: "=") else { throw .noValue(name) }
        rest = rest.dropFirst()
        if rest.first == UInt8(ascii: "\"") {
            return Parameter(name: name, value: try takeQuoted(&rest, of: name, protectingQuotes), isQuoted: true)
        }
        let value = rest.prefix(while: isTokenCharacter)
        rest = rest.dropFirst(value.count)
        if value.isEmpty {
            if let byte = rest.first, byte != UInt8(ascii: ";"), !isBlank(byte) {
                throw .unquotedCharacter(byte, parameter: name)
            }
            throw .noValue(name)
        }
        return Parameter(name: name, value: Array(value), isQuoted: false)
    }

    /// Takes a quoted string. A backslash that protects does so before a quote and a backslash; before anything else it
    /// stands for itself.
    private static func takeQuoted(
        _ rest: inout ArraySlice<UInt8>, of name: String, _ protectingQuotes: Bool
    ) throws(ParameterFault) -> [UInt8] {
        var value: [UInt8] = []
        var index = rest.startIndex + 1
        while index < rest.endIndex {
            var byte = rest[index]
            if byte == UInt8(ascii: "\"") {
                rest = rest[(index + 1)...]
                return value
            }
            if protectingQuotes, byte == UInt8(ascii: "\\"), index + 1 < rest.endIndex {
                let next = rest[index + 1]
                if next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") {
                    byte = next
                    index += 1
                }
            }
            value.append(byte)
            index += 1
        }
        throw .openQuote(name)
    }

    /// Takes white space off both ends.
    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let bytes = bytes.drop(while: isBlank)
        guard let last = bytes.lastIndex(where: { !isBlank($0) }) else { return bytes[bytes.endIndex...] }
        return bytes[...last]
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    /// Whether a byte may stand in a word without quotes (RFC 2045, 5.1).
    static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "@"),
            UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "\\"), UInt8(ascii: "\""),
            UInt8(ascii: "/"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "?"), UInt8(ascii: "="):
            false
        default: byte > 0x20 && byte < 0x7F
        }
    }
}
