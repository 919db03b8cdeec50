/// A whole `multipart/form-data` body (RFC 7578) in memory.
struct MemoryForm {
    private let delimiter: [UInt8]
    private var bytes: [UInt8] = []

    /// Reads the boundary; `nil` when there is none.
    init?(contentType: UnsafeBufferPointer<UInt8>?) {
        guard let contentType else { return nil }
        let text = String(decoding: contentType, as: UTF8.self)
        guard let value = Self.parameter("boundary", of: text), !value.isEmpty else { return nil }
        delimiter = Array("--\(value)".utf8)
    }

    /// Takes the next bytes.
    mutating func add(_ more: UnsafeRawBufferPointer) { bytes.append(contentsOf: more) }

    /// Lends the named parts in order, until `body` says to stop.
    ///
    /// - Returns: whether the form is complete. It may have no parts.
    func forEachPart(
        _ body: (_ name: UnsafePointer<CChar>, _ fileName: UnsafePointer<CChar>?, _ content: ArraySlice<UInt8>) -> Bool
    ) -> Bool {
        let separator = Array("\r\n".utf8) + delimiter
        guard var index = bytes.starts(with: delimiter) ? delimiter.count : end(of: separator, from: 0) else {
            return true
        }
        while !bytes[index...].starts(with: "--".utf8) {
            guard bytes[index...].starts(with: "\r\n".utf8), let content = end(of: Array("\r\n\r\n".utf8), from: index),
                let next = end(of: separator, from: content)
            else { return false }
            let head = String(decoding: bytes[index..<content], as: UTF8.self)
            index = next
            guard let name = Self.parameter("name", of: head) else { continue }
            let part = bytes[content..<next - separator.count]
            let goesOn = name.withCString { name in
                guard let fileName = Self.parameter("filename", of: head) else { return body(name, nil, part) }
                return fileName.withCString { body(name, $0, part) }
            }
            if !goesOn { return true }
        }
        return true
    }

    /// Where the first occurrence of a pattern ends.
    private func end(of pattern: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= start + pattern.count else { return nil }
        for index in start...(bytes.count - pattern.count) where bytes[index] == pattern[0] {
            if bytes[index...].starts(with: pattern) { return index + pattern.count }
        }
        return nil
    }

    /// A parameter of a header line, with or without quotes.
    private static func parameter(_ name: String, of text: String) -> String? {
        for field in text.split(whereSeparator: { $0 == ";" || $0.isNewline }) {
            let parts = field.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, String(parts[0].drop { $0 == " " }).lowercased() == name else { continue }
            return String(parts[1].drop { $0 == "\"" }.prefix { $0 != "\"" })
        }
        return nil
    }
}
