import TestSupport
import Testing

@testable import Journal

extension JournalAppender<SimulatedDisk> {
    convenience init(on disk: SimulatedDisk, log: LogEnd = emptyLog) throws(JournalError) {
        try self.init(disk, identity: identity, log: log)
    }

    /// Appends frames, each with a sync of its own, which must all be durable.
    func appendDurably(_ frames: [Frame]) {
        for frame in frames {
            guard case .durable = append([frame]) else {
                Issue.record("a frame was not durable")
                return
            }
        }
    }

    /// What can be read after a position.
    func contents(after position: Position = 0) throws -> [FrameContents] {
        var all: [FrameContents] = []
        _ = try segments.read(after: position, through: head.number, upTo: .max) { all.append(FrameContents($0)) }
        return all
    }

    /// Makes the room that is wanted, if any.
    func makeRoom(_ disk: SimulatedDisk) {
        if let order = orderRoom() { take(RoomMaker.make(disk, order)) }
    }
}

extension Array where Element == Frame {
    /// What they hold, when the first one has a number.
    func contents(from number: FrameNumber = 1) -> [FrameContents] {
        enumerated().map { FrameContents($1, number: number + UInt64($0)) }
    }
}

/// What a journal on a disk says against being opened; `nil` if nothing.
func refusal(of disk: SimulatedDisk, identity: [UInt8] = identity, log: LogEnd = emptyLog) -> String? {
    do throws(JournalError) {
        _ = try JournalAppender(disk, identity: identity, log: log)
        return nil
    } catch { return error.description }
}
