import Glibc

@testable import HTTPServer

/// Heads of requests. What is taken must say the same to a plain reader that splits lines and nothing more, and the end of
/// a head must not depend on where it was cut. The first byte says where to cut.
let headsTarget = FuzzTarget(name: "heads", longest: 1000) { input in
    guard let cut = input.first else { return }
    let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(input)[1...])
    let whole = end(of: bytes, firstPiece: bytes.count)
    require(
        whole == end(of: bytes, firstPiece: Int(cut) % (bytes.count + 1)),
        "the end of a head depends on where it is cut")
    guard case .at(let count) = whole else { return }
    let head = Array(bytes[..<count])
    require(
        head.suffix(2) == [13, 10] && !head.indices.contains { head[$0] == 10 && ($0 == 0 || head[$0 - 1] != 13) },
        "LF alone ends a line")
    check(head)
}

private enum HeadEnd: Equatable {
    case at(Int)
    case none
    case refused(RequestFault)
}

private func end(of bytes: UnsafeRawBufferPointer, firstPiece: Int) -> HeadEnd {
    var scanner = HeadScanner()
    do throws(RequestFault) {
        let first = UnsafeRawBufferPointer(rebasing: bytes[..<firstPiece])
        if let end = try scanner.end(of: first, limits: HeadLimits()) { return .at(end) }
        return try scanner.end(of: bytes, limits: HeadLimits()).map { .at($0) } ?? .none
    } catch {
        return .refused(error)
    }
}

/// Parsers for all targets. The fuzzer has one thread.
nonisolated(unsafe) let parsers = ParserPool()

/// Parses a head and lends it; nothing is done with one that is refused.
func withHead(_ bytes: UnsafeMutableRawBufferPointer, _ body: (inout RequestHead) -> Void) {
    guard let parser = parsers.take() else { return }
    do throws(RequestFault) {
        var head = try RequestHead(bytes, parser: parser)
        body(&head)
        head.end(parsers)
    } catch {
        parsers.put(parser)
    }
}

/// Parses a head, and compares what is in it with what its lines say.
private func check(_ bytes: [UInt8]) {
    var bytes = bytes
    // The path is decoded in place, so the plain reader goes first.
    let lines = String(decoding: bytes, as: Unicode.ASCII.self).split(
        separator: "\r\n", omittingEmptySubsequences: true)
    let raw = split(bytes)
    bytes.withUnsafeMutableBytes { bytes in
        withHead(bytes) { head in compare(head, raw, shown: lines) }
    }
}

private func compare(_ head: RequestHead, _ raw: [[UInt8]], shown lines: [Substring]) {
    guard head.fault == nil else { return }
    require(
        raw[0].split(separator: 32, omittingEmptySubsequences: false).count == 3,
        "a request line of other than three words: \(lines[0])")
    for (name, value) in fields(raw) {
        require(!name.isEmpty && name.allSatisfy { $0 > 32 && $0 < 127 }, "a name that is none: \(lines)")
        require(!value.contains { $0 == 13 || $0 == 0 }, "a value with CR or NUL: \(lines)")
    }
    for name: StaticString in ["Host", "Content-Length", "Transfer-Encoding", "api-key", "Expect"] {
        let plain = fields(raw).filter {
            String(decoding: $0.name, as: UTF8.self).lowercased() == "\(name)".lowercased()
        }
        let found = head.field(name)
        require(found.count == plain.count, "\(name) is found \(found.count) times in \(lines)")
        require(found.first.map(Array.init) == plain.first?.value, "\(name) has another value in \(lines)")
    }
    let length = head.field("Content-Length")
    let encoding = head.field("Transfer-Encoding")
    require(length.count + encoding.count <= 1, "a body that ends in two places: \(lines)")
    require(length.first?.allSatisfy { 48...57 ~= $0 } ?? true, "a length that is no number: \(lines)")
    require(
        head.field("Host").count == 1 || !head.isVersion11 && head.field("Host").count == 0,
        "other than one Host: \(lines)")
}

/// The lines, without their ends.
private func split(_ bytes: [UInt8]) -> [[UInt8]] {
    bytes.split(separator: 10).map { Array($0.dropLast()) }.filter { !$0.isEmpty }
}

private func fields(_ lines: [[UInt8]]) -> [(name: [UInt8], value: [UInt8])] {
    lines.dropFirst().map { line in
        let sides = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        var value = sides.count > 1 ? sides[1] : []
        while let first = value.first, first == 32 || first == 9 { value.removeFirst() }
        while let last = value.last, last == 32 || last == 9 { value.removeLast() }
        return (Array(sides[0]), Array(value))
    }
}
