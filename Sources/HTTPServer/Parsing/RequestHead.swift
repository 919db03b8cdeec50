internal import CHTTPParser
import Glibc

/// A request's head, parsed: places in its bytes, which are the loop's scratch memory or, once it is kept, its own.
///
/// It has one owner, which gives back what it holds with ``end(_:)``.
struct RequestHead {
    private let parser: OpaquePointer
    private var base: UnsafeMutablePointer<UInt8>
    private let count: Int
    private var isKept = false
    private let target: RequestTarget
    /// Query values that had to be decoded, until the request ends.
    private var decoded: [UnsafeMutablePointer<UInt8>] = []

    let method: RequestMethod
    let framing: Framing
    /// Whether the connection may go on after the answer, as far as the client says.
    let keepsAlive: Bool
    let isVersion11: Bool
    /// What is wrong with it though it could be parsed.
    let fault: RequestFault?

    /// Parses a whole head. The parser belongs to the head until ``end(_:)``.
    init(_ bytes: UnsafeMutableRawBufferPointer, parser: OpaquePointer) throws(RequestFault) {
        let base = bytes.baseAddress!.assumingMemoryBound(to: UInt8.self)
        let parsed = base.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
            martlet_parser_head(parser, $0, bytes.count)
        }
        if let fault = RequestFault(parsed) { throw fault }
        let head = martlet_parser_parsed(parser)!
        func piece(_ span: martlet_span) -> UnsafeMutableBufferPointer<UInt8> {
            UnsafeMutableBufferPointer(start: base + Int(span.start), count: Int(span.count))
        }
        self.parser = parser
        self.base = base
        count = bytes.count
        isVersion11 = head.pointee.minor_version > 0
        method = RequestMethod(UnsafeBufferPointer(piece(head.pointee.method)))
        target = try RequestTarget(piece(head.pointee.target), method: method)
        var framing = Framing()
        let fields = martlet_head_fields(head)!
        for index in 0..<Int(head.pointee.field_count) {
            framing.note(
                name: UnsafeBufferPointer(piece(fields[index].name)),
                value: UnsafeBufferPointer(piece(fields[index].value)))
        }
        fault = framing.fault(isVersion11: isVersion11)
        self.framing = framing
        keepsAlive = head.pointee.keeps_alive != 0 && !framing.saysClose
    }

    /// The path, percent-decoded.
    var path: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: targetBytes[target.path]) }

    /// Values of header lines with a name, compared without case.
    func field(_ name: StaticString) -> FieldSearch {
        var found = FieldSearch()
        eachLine(name) { found.note($0) }
        return found
    }

    /// Values of all header lines with a name, compared without case, in their order.
    func lines(_ name: StaticString) -> [UnsafeBufferPointer<UInt8>] {
        var lines: [UnsafeBufferPointer<UInt8>] = []
        eachLine(name) { lines.append($0) }
        return lines
    }

    @inline(__always)
    private func eachLine(_ name: StaticString, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        let head = martlet_parser_parsed(parser)!
        let fields = martlet_head_fields(head)!
        let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        for index in 0..<Int(head.pointee.field_count) where Int(fields[index].name.count) == wanted.count {
            if piece(fields[index].name).isEqual(caseless: wanted) { body(piece(fields[index].value)) }
        }
    }

    /// Values of query parameters with exactly this name, percent-decoded. A parameter without `=` has an empty value.
    mutating func parameter(_ name: StaticString) -> FieldSearch {
        var found = FieldSearch()
        let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        var rest = targetBytes[target.query]
        while !rest.isEmpty {
            let pair = rest.prefix { $0 != UInt8(ascii: "&") }
            rest = rest[min(pair.endIndex + 1, rest.endIndex)...]
            let key = pair.prefix { $0 != UInt8(ascii: "=") }
            guard decodes(key, to: wanted) else { continue }
            let value = UnsafeBufferPointer(rebasing: pair[min(key.endIndex + 1, pair.endIndex)...])
            found.note(found.first == nil ? decode(value) : value)
        }
        return found
    }

    /// Copies the bytes into memory of their own: those that it was made from are about to be used again.
    mutating func keep() {
        guard !isKept else { return }
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
        copy.update(from: base, count: count)
        base = copy
        isKept = true
    }

    /// Gives back what it holds.
    func end(_ parsers: ParserPool) {
        for block in decoded { block.deallocate() }
        if isKept { base.deallocate() }
        parsers.put(parser)
    }

    /// Takes the next bytes of a chunked body.
    ///
    /// - Parameter receive: takes a piece of content, and says whether to go on.
    /// - Returns: how many bytes were used, and whether the body is complete.
    func takeChunks(
        _ bytes: UnsafeRawBufferPointer, _ receive: (UnsafeRawBufferPointer) -> Bool
    ) throws(RequestFault) -> (used: Int, isComplete: Bool) {
        var (fault, isComplete) = (martlet_fault_none, Int32(0))
        let used = withoutActuallyEscaping(receive) { receive in
            var receiver = ChunkReceiver(receive: receive)
            return withUnsafeMutablePointer(to: &receiver) { receiver in
                martlet_parser_chunks(
                    parser, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count,
                    martlet_chunks(context: receiver) { context, bytes, count in
                        let receiver = context!.assumingMemoryBound(to: ChunkReceiver.self)
                        return receiver.pointee.receive(UnsafeRawBufferPointer(start: bytes, count: count)) ? 1 : 0
                    }, &fault, &isComplete)
            }
        }
        if let fault = RequestFault(fault) { throw fault }
        return (used, isComplete != 0)
    }

    private var targetBytes: UnsafeBufferPointer<UInt8> { piece(martlet_parser_parsed(parser)!.pointee.target) }

    private func piece(_ span: martlet_span) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: base + Int(span.start), count: Int(span.count))
    }

    private func decodes(_ key: Slice<UnsafeBufferPointer<UInt8>>, to wanted: UnsafeBufferPointer<UInt8>) -> Bool {
        let key = UnsafeBufferPointer(rebasing: key)
        if key.count == wanted.count { return memcmp(key.baseAddress!, wanted.baseAddress!, key.count) == 0 }
        guard key.count > wanted.count, key.contains(UInt8(ascii: "%")) else { return false }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: key.count) { room in
            let count = PercentEncoding.decodeQuery(key, to: room.baseAddress!)
            return count == wanted.count && memcmp(room.baseAddress!, wanted.baseAddress!, count) == 0
        }
    }

    private mutating func decode(_ value: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard value.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else { return value }
        let block = UnsafeMutablePointer<UInt8>.allocate(capacity: value.count)
        decoded.append(block)
        return UnsafeBufferPointer(start: block, count: PercentEncoding.decodeQuery(value, to: block))
    }
}

private struct ChunkReceiver {
    let receive: (UnsafeRawBufferPointer) -> Bool
}

/// Parsers that no request uses now. Only the loop's thread uses it.
final class ParserPool {
    private var free: [OpaquePointer] = []

    private static let most = 256

    deinit {
        for parser in free { martlet_parser_free(parser) }
    }

    /// A parser for one request; `nil` when there is no memory.
    func take() -> OpaquePointer? { free.popLast() ?? martlet_parser_new() }

    /// Takes a parser back.
    func put(_ parser: OpaquePointer) {
        if free.count < Self.most { free.append(parser) } else { martlet_parser_free(parser) }
    }
}
