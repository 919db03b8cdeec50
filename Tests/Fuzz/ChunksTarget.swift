@testable import HTTPServer

/// Bodies in chunks. Whole and cut, they give the same; what is taken is what a plain reader of RFC 9112, section 7.1, takes.
/// The first byte says where to cut.
let chunksTarget = FuzzTarget(name: "chunks", longest: 1000) { input in
    guard let seed = input.first else { return }
    let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(input)[1...])
    let whole = read([bytes])
    let cut = read(pieces(of: bytes, seed: seed))
    require((whole.fault == nil) == (cut.fault == nil), "whole: \(whole.fault as Any), cut: \(cut.fault as Any)")
    if whole.fault == nil { require(whole == cut, "whole: \(whole), cut: \(cut)") }
    if let end = whole.end {
        let plain = plainRead(Array(bytes))
        require(plain?.content == whole.content && plain?.end == end, "\(whole), and a plain reader: \(plain as Any)")
    }
}

private struct ChunkedBody: Equatable {
    var content: [UInt8] = []
    /// Where the body ends; `nil` while it is not complete.
    var end: Int?
    var fault: RequestFault?
}

/// Gives the pieces to the parser as a connection does: what it does not use comes again with the next piece behind it.
private func read(_ pieces: [UnsafeRawBufferPointer]) -> ChunkedBody {
    var body = ChunkedBody()
    var start = Array("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
    start.withUnsafeMutableBytes { start in
        withHead(start) { head in give(pieces, head, &body) }
    }
    return body
}

private func give(_ pieces: [UnsafeRawBufferPointer], _ head: RequestHead, _ body: inout ChunkedBody) {
    var held: [UInt8] = []
    var used = 0
    for piece in pieces {
        held += piece
        do throws(RequestFault) {
            // Until it waits for more.
            while true {
                let taken = try take(&held, head, &body)
                used += taken.used
                if taken.isComplete {
                    body.end = used
                    return
                }
                if taken.used == 0 || held.isEmpty { break }
            }
        } catch {
            body.fault = error
            return
        }
    }
}

private func take(
    _ held: inout [UInt8], _ head: RequestHead, _ body: inout ChunkedBody
) throws(RequestFault) -> (used: Int, isComplete: Bool) {
    var content: [UInt8] = []
    let bytes = held
    let result: Result<(used: Int, isComplete: Bool), RequestFault> = bytes.withUnsafeBytes { bytes in
        do throws(RequestFault) {
            return .success(
                try head.takeChunks(bytes) {
                    content += $0
                    return true
                })
        } catch {
            return .failure(error)
        }
    }
    body.content += content
    let taken = try result.get()
    held.removeFirst(taken.used)
    return taken
}

/// A reader that has the whole body before it; `nil` when it is not complete or not sound.
private func plainRead(_ bytes: [UInt8]) -> (content: [UInt8], end: Int)? {
    var content: [UInt8] = []
    var place = 0
    func line() -> ArraySlice<UInt8>? {
        guard let feed = bytes[place...].firstIndex(of: 10), feed > place, bytes[feed - 1] == 13 else { return nil }
        defer { place = feed + 1 }
        return bytes[place..<(feed - 1)]
    }
    while let start = line() {
        let digits = start.prefix { PercentEncoding.digit($0) != nil }
        guard !digits.isEmpty, let count = Int(String(decoding: digits, as: UTF8.self), radix: 16) else { return nil }
        if count == 0 {
            while let trailer = line() {
                if trailer.isEmpty { return (content, place) }
                guard let colon = trailer.firstIndex(of: UInt8(ascii: ":")), colon > trailer.startIndex else {
                    return nil
                }
            }
            return nil
        }
        guard count <= bytes.count - place - 2 else { return nil }
        content += bytes[place..<(place + count)]
        place += count
        guard bytes[place] == 13, bytes[place + 1] == 10 else { return nil }
        place += 2
    }
    return nil
}
