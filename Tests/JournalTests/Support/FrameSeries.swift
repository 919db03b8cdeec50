import Bytes
import TestSupport

@testable import Journal

let identity: [UInt8] = Array(0xa0...0xaf)

/// Where a log without events ends. The value is made up.
let emptyLog = LogEnd(
    position: 0, chain: [UInt8](repeating: 7, count: 32).withUnsafeBytes { ChainValue($0)! })

/// Makes frames, each of which continues the one before.
struct FrameSeries {
    var position: Position
    var chain: ChainValue

    init(after log: LogEnd = emptyLog) { (position, chain) = (log.position, log.chain) }

    var end: LogEnd { LogEnd(position: position, chain: chain) }

    /// A frame of records and answers of some sizes. A record holds its position, so that no two are equal.
    mutating func next(records: [Int] = [], answers: [Int] = []) -> Frame {
        var builder = FrameBuilder(after: position, chain: chain)
        for (index, size) in records.enumerated() {
            let mark = position + 1 + UInt64(index)
            var record = [UInt8](repeating: UInt8(truncatingIfNeeded: mark &* 31 | 1), count: size)
            for place in 0..<min(8, size) { record[place] = UInt8(truncatingIfNeeded: mark >> (8 * UInt64(place))) }
            precondition(record.withUnsafeBytes { builder.add(record: $0) })
        }
        for (index, size) in answers.enumerated() {
            let key = Array("key \(index) of frame after \(position)".utf8)
            let value = [UInt8](repeating: UInt8(17 + index), count: size)
            precondition(
                key.withUnsafeBytes { key in value.withUnsafeBytes { builder.add(answer: $0, key: key) } })
        }
        let frame = builder.finish()
        (position, chain) = (frame.lastPosition, frame.chain)
        return frame
    }
}

/// What a frame holds, to compare.
struct FrameContents: Equatable {
    var number: FrameNumber
    var records: [Position: [UInt8]] = [:]
    var answers: [[UInt8]] = []

    init(_ frame: FrameView) {
        number = frame.number
        frame.withRecords { records[$0] = Array($1) }
        frame.withAnswers { answers += [Array($0), Array($1)] }
    }

    init(_ frame: Frame, number: FrameNumber) { self = frame.withView(number: number) { FrameContents($0) } }
}
