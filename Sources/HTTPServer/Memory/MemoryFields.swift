/// The fields of a request that came without a socket, taken apart, in memory that stays where it is.
final class MemoryFields {
    /// The path without the query, percent-decoded.
    private(set) var path = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    private var headers: [(name: String, value: UnsafeBufferPointer<UInt8>)] = []
    private var parameters: [(name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>)] = []
    private var blocks: [UnsafeMutableBufferPointer<UInt8>] = []

    init(_ request: Request) {
        let parts = request.target.utf8.split(
            separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        let target = keep(Self.decode(parts[0]) + [0])
        path = target.withMemoryRebound(to: CChar.self) { RequestPath.bytes(of: $0.baseAddress!) }
        for pair in parts.dropFirst().joined().split(separator: UInt8(ascii: "&")) {
            let sides = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = sides.map { keep(Self.decode($0.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 })) }
            parameters.append(
                (decoded[0], decoded.count > 1 ? decoded[1] : UnsafeBufferPointer(rebasing: decoded[0][..<0])))
        }
        for (name, value) in request.headers { headers.append((name.lowercased(), keep(Array(value.utf8)))) }
    }

    deinit {
        for block in blocks { block.deallocate() }
    }

    /// The first header line of that name, without regard to case.
    func header(_ name: StaticString) -> UnsafeBufferPointer<UInt8>? {
        let wanted = "\(name)".lowercased()
        return headers.first { $0.name == wanted }?.value
    }

    /// Notes all query parameters of the name that is searched.
    func search(_ found: inout FieldSearch) {
        for (name, value) in parameters { found.note(name: name, value: value) }
    }

    /// Lends all header lines in their order.
    func eachHeader(_ body: (_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) -> Void) {
        for (name, value) in headers {
            var name = name
            name.withUTF8 { body($0, value) }
        }
    }

    private func keep(_ bytes: [UInt8]) -> UnsafeBufferPointer<UInt8> {
        // One more byte, so that an empty field has an address too.
        let block = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count + 1)
        _ = block.update(fromContentsOf: bytes + [0])
        blocks.append(block)
        return UnsafeBufferPointer(rebasing: block[..<bytes.count])
    }

    /// Replaces `%XX` by its byte. Anything without this form stays as it is.
    private static func decode(_ text: some Collection<UInt8>) -> [UInt8] {
        let text = Array(text)
        var decoded: [UInt8] = []
        var index = 0
        while index < text.count {
            let digits = text.dropFirst(index + 1).prefix(2)
            if text[index] == UInt8(ascii: "%"), digits.count == 2, digits.allSatisfy({ $0 != UInt8(ascii: "+") }),
                let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                decoded.append(byte)
                index += 3
            } else {
                decoded.append(text[index])
                index += 1
            }
        }
        return decoded
    }
}
