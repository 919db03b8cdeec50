#if canImport(HTTPServer)
    @testable import HTTPServer
#endif

/// Reads any bytes as a form, whole and in pieces, and stops the process when the two differ.
///
/// The first byte chooses the boundary, the next seven how long the pieces are, and the rest is the body. For a fuzzer.
/// This file and `FormContents.swift` build together with `Sources/HTTPServer/Forms` as one module, too.
func fuzzForm(_ input: UnsafeRawBufferPointer) {
    guard input.count >= 8 else { return }
    let boundaries = ["X", "XyZ", "--", "a b", String(repeating: "-", count: 70)]
    let type = "multipart/form-data; boundary=\"\(boundaries[Int(input[0]) % boundaries.count])\""
    guard let boundary = try? FormBoundary(type) else { preconditionFailure("\(type) is refused") }
    let body = UnsafeRawBufferPointer(rebasing: input[8...])

    let whole = FormContents(boundary, body)
    precondition(whole.hasEnded == (whole.fault == nil), "the form is whole and refused")
    precondition(whole.parts.reduce(0) { $0 + $1.content.count } <= body.count, "more bytes came out than went in")
    precondition(whole.parts.count <= FormReader.partLimit, "there are too many parts")

    var cuts: [Int] = []
    var next = 0
    while true {
        next += Int(input[1 + cuts.count % 7]) + (cuts.count % 7 == 6 ? 1 : 0)
        if next >= body.count { break }
        cuts.append(next)
    }
    precondition(FormContents(boundary, body, cuts: cuts) == whole, "the cuts change what is read")
    precondition(FormContents(boundary, body, cuts: 0..<body.count) == whole, "reading byte by byte is different")

    // The same bytes as a header's value. Anything may come out, but no crash.
    let value = body.bindMemory(to: UInt8.self)
    _ = try? FormBoundary(contentType: value)
    _ = try? PartHead(Array(value))
}
