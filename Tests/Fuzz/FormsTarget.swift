@testable import HTTPServer

/// Forms: the first byte says where to cut, the first line is the value of `Content-Type`, the rest is the body. Parts,
/// contents and faults must not depend on where the body is cut.
let formsTarget = FuzzTarget(name: "forms", longest: 2000) { input in
    guard let seed = input.first else { return }
    let line = input.dropFirst().prefix { $0 != 10 }
    guard let boundary = try? FormBoundary(contentType: UnsafeBufferPointer(rebasing: line)) else { return }
    require(1...70 ~= boundary.bytes.count, "a boundary of \(boundary.bytes.count) bytes")
    let body = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(input)[min(line.endIndex + 1, input.count)...])
    let whole = read([body], boundary)
    let cut = read(pieces(of: body, seed: seed), boundary)
    require(whole == cut, "whole: \(whole)\ncut: \(cut)")
    require(whole.parts.count <= FormReader.partLimit, "\(whole.parts.count) parts")
    // No part has its own boundary in it.
    let delimiter = [13, 10] + Array("--".utf8) + boundary.bytes
    for part in whole.parts { require(!part.content.contains(delimiter), "a boundary inside of a part") }
}

private struct Form: Equatable {
    struct Part: Equatable {
        let head: PartHead
        var content: [UInt8] = []
        var isOver = false
    }
    var parts: [Part] = []
    var isOver = false
    var fault: FormFault?
}

private func read(_ pieces: [UnsafeRawBufferPointer], _ boundary: FormBoundary) -> Form {
    var form = Form()
    var reader = FormReader(boundary)
    do throws(FormFault) {
        for piece in pieces {
            var piece = piece
            while let event = try reader.next(from: &piece) {
                switch event {
                case .partBegins(let head): form.parts.append(Form.Part(head: head))
                case .content(let bytes): form.parts[form.parts.count - 1].content += bytes
                case .partEnds: form.parts[form.parts.count - 1].isOver = true
                case .ends: form.isOver = true
                }
            }
            require(piece.isEmpty, "the reader leaves bytes unread")
        }
        try reader.finish()
    } catch {
        form.fault = error
    }
    return form
}

extension [UInt8] {
    fileprivate func contains(_ other: [UInt8]) -> Bool {
        guard count >= other.count else { return false }
        return (0...(count - other.count)).contains { self[$0..<($0 + other.count)].elementsEqual(other) }
    }
}
