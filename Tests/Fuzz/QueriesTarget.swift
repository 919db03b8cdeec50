@testable import HTTPServer

/// Targets of requests: path and query parameters must be what a plain reader finds, who splits first and decodes then.
let queriesTarget = FuzzTarget(name: "queries", longest: 300) { input in
    // What ends the target belongs to heads.
    guard input.allSatisfy({ $0 > 32 && $0 != 127 }) else { return }
    let target = Array(input)
    var bytes = Array("GET ".utf8) + target + Array(" HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
    bytes.withUnsafeMutableBytes { bytes in
        withHead(bytes) { head in compare(&head, target) }
    }
}

private func compare(_ head: inout RequestHead, _ target: [UInt8]) {
    let shown = String(decoding: target, as: UTF8.self)
    let mark = target.firstIndex(of: UInt8(ascii: "?")) ?? target.count
    if target.first == UInt8(ascii: "/") {
        require(
            Array(head.path) == decoded(target[..<mark], isQuery: false),
            "the path of \(shown) is \(String(decoding: head.path, as: UTF8.self))")
    }
    let pairs = target[min(mark + 1, target.count)...].split(separator: UInt8(ascii: "&")).map { pair in
        let name = pair.prefix { $0 != UInt8(ascii: "=") }
        return (name: decoded(name, isQuery: true), value: decoded(pair.dropFirst(name.count + 1), isQuery: true))
    }
    for name: StaticString in ["a", "limit", "cursor"] {
        let plain = pairs.filter { $0.name.elementsEqual("\(name)".utf8) }
        let found = head.parameter(name)
        require(found.count == plain.count, "\(name) is found \(found.count) times in \(shown)")
        require(found.first.map(Array.init) == plain.first?.value, "\(name) has another value in \(shown)")
    }
}

/// Replaces each `%XX`, but an encoded slash of a path, and in a query each `+`.
private func decoded(_ bytes: ArraySlice<UInt8>, isQuery: Bool) -> [UInt8] {
    var result: [UInt8] = []
    var rest = bytes
    while let byte = rest.popFirst() {
        let digits = String(decoding: rest.prefix(2), as: UTF8.self)
        if byte == UInt8(ascii: "+"), isQuery {
            result.append(32)
        } else if byte == UInt8(ascii: "%"), digits.utf8.count == 2, digits.allSatisfy(\.isHexDigit),
            let value = UInt8(digits, radix: 16),
            isQuery || value != UInt8(ascii: "/")
        {
            result.append(value)
            rest = rest.dropFirst(2)
        } else {
            result.append(byte)
        }
    }
    return result
}
