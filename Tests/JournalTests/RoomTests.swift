import Files
import Glibc
import TestSupport
import Testing

@testable import Journal

/// Room that is written ahead.
@Suite struct RoomTests {
    @Test func `Room doubles from 256 KiB to 64 MiB, and is a sixteenth of what is free at most`() {
        let plenty = 1 << 40
        #expect(RoomPlan.size(after: 0, free: plenty) == 256 << 10)
        #expect(RoomPlan.size(after: 256 << 10, free: plenty) == 512 << 10)
        #expect(RoomPlan.size(after: 40 << 20, free: plenty) == 64 << 20)
        #expect(RoomPlan.size(after: 64 << 20, free: plenty) == 64 << 20)
        #expect(RoomPlan.size(after: 64 << 20, free: 320 << 20) == 20 << 20)
        #expect(RoomPlan.size(after: 0, free: 0) == 0)
        #expect(RoomPlan.size(after: 0, free: 1_000_000) == 61_440)
    }

    @Test func `A new journal has a header and zeros in a file that is on the disk`() throws {
        let disk = SimulatedDisk(seed: 1)
        _ = try JournalAppender(on: disk)
        disk.restartAfterPowerCut()
        #expect(try disk.names() == ["00000000000000000001.segment"])
        let bytes = disk.contents("00000000000000000001.segment")
        #expect(bytes.count == 256 << 10)
        #expect(bytes.withUnsafeBytes { SegmentHeader($0) }?.epoch == 1)
        #expect(bytes[104...].allSatisfy { $0 == 0 })
    }

    @Test func `A new journal costs one sync of a file and one of its directory, and a frame one of the file`() throws {
        let disk = SimulatedDisk(seed: 1)
        var series = FrameSeries()
        let appender = try JournalAppender(on: disk)
        #expect((disk.count(.sync), disk.count(.syncDirectory)) == (1, 1))
        appender.appendDurably([series.next(records: [100]), series.next(answers: [100])])
        #expect((disk.count(.sync), disk.count(.syncDirectory)) == (3, 1))
    }

    @Test func `Segments follow each other while room is made in time`() throws {
        let disk = SimulatedDisk(seed: 1)
        var series = FrameSeries()
        let appender = try JournalAppender(on: disk)
        let frames = (0..<40).map { _ in series.next(records: [50_000]) }
        for frame in frames {
            appender.appendDurably([frame])
            appender.makeRoom(disk)
        }
        #expect(appender.segments.segments.map(\.header.number) == [1, 2, 3, 4])
        #expect(appender.segments.segments.allSatisfy { $0.header.epoch == 1 })
        #expect(try appender.contents() == frames.contents())
        // No frame lies beyond the room of its segment.
        #expect(disk.contents("00000000000000000001.segment").count == 256 << 10)
        #expect(disk.contents("00000000000000000002.segment").count == 512 << 10)
        disk.restartAfterPowerCut()
        #expect(try JournalAppender(on: disk).contents() == frames.contents())
    }

    @Test func `Without room ahead, frames lengthen the segment`() throws {
        let disk = SimulatedDisk(seed: 1)
        var series = FrameSeries()
        let appender = try JournalAppender(on: disk)
        let frames = (0..<20).map { _ in series.next(records: [50_000]) }
        appender.appendDurably(frames)
        disk.restartAfterPowerCut()
        #expect(try JournalAppender(on: disk).contents() == frames.contents())
    }

    @Test func `A disk that is nearly full gives less room, and still takes frames`() throws {
        let disk = SimulatedDisk(seed: 1, capacity: 500_000)
        var series = FrameSeries()
        let appender = try JournalAppender(on: disk)
        var frames: [Frame] = []
        while true {
            let frame = series.next(records: [20_000])
            if case .unknown(let error) = appender.append([frame]) {
                #expect(error.code == ENOSPC)
                break
            }
            frames.append(frame)
            appender.makeRoom(disk)
        }
        #expect(frames.count > 20)
        guard case .refused(.stopped) = appender.append([series.next(records: [1])]) else {
            return #expect(Bool(false))
        }
        disk.setCapacity(disk.contents("00000000000000000001.segment").count + 100)
        #expect(throws: JournalError.self) { try appender.beginEpoch() }
        disk.setCapacity(1 << 20)
        try appender.beginEpoch()
        #expect(try appender.contents() == frames.contents())
        var rest = FrameSeries(after: LogEnd(position: appender.head.position, chain: appender.head.chain))
        appender.appendDurably([rest.next(records: [100])])
    }

    @Test func `Room that comes after a new epoch is not used`() throws {
        let disk = SimulatedDisk(seed: 1)
        var series = FrameSeries()
        let appender = try JournalAppender(on: disk)
        appender.appendDurably([series.next(records: [100_000])])
        let order = try #require(appender.orderRoom())
        #expect(order == RoomOrder(number: 2, previous: 256 << 10))
        #expect(appender.orderRoom() == nil)
        try appender.beginEpoch()
        appender.take(RoomMaker.make(disk, order))
        #expect(appender.takeUnused() == ["00000000000000000002.segment"])
        #expect(appender.segments.segments.map(\.header.number) == [1, 3])
    }

    @Test func `A segment whose header cannot be synced takes no frame`() throws {
        let disk = SimulatedDisk(seed: 1)
        var series = FrameSeries()
        let appender = try JournalAppender(on: disk)
        var frames = [series.next(records: [200_000])]
        appender.appendDurably(frames)
        appender.makeRoom(disk)
        disk.failNext(.sync)
        let kept = series
        guard case .refused(.disk) = appender.append([series.next(records: [200_000])]) else {
            return #expect(Bool(false))
        }
        try appender.beginEpoch()
        series = kept
        frames.append(series.next(records: [200_000]))
        appender.appendDurably([frames[1]])
        disk.restartAfterPowerCut()
        #expect(try JournalAppender(on: disk).contents() == frames.contents())
    }

    @Test(arguments: [false, true])
    func `A segment that was given up and cannot be removed goes with those before it`(isSpare: Bool) throws {
        let disk = SimulatedDisk(seed: 1)
        var series = FrameSeries()
        let appender = try JournalAppender(on: disk)
        appender.appendDurably([series.next(records: [200_000])])
        if isSpare { appender.makeRoom(disk) }
        let kept = series
        // Its header stays, and so does its name.
        disk.failNext(.sync)
        disk.failNext(.remove)
        if isSpare {
            guard case .refused(.disk) = appender.append([series.next(records: [200_000])]) else {
                return #expect(Bool(false))
            }
        } else {
            #expect(throws: JournalError.self) { try appender.beginEpoch() }
        }
        try appender.beginEpoch()
        series = kept
        appender.appendDurably([series.next(records: [100])])
        try appender.beginEpoch()
        for name in appender.forget(through: 2) {
            try disk.remove(name)
            try disk.syncDirectory()
        }
        disk.restartAfterKill()
        let log = LogEnd(position: appender.head.position, chain: appender.head.chain)
        #expect(refusal(of: disk, log: log) == nil)
    }
}
