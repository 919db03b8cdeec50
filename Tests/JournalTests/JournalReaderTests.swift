import Files
import TestSupport
import Testing
import Threads

@testable import Journal

/// Reading a journal that somebody else writes.
@Suite struct JournalReaderTests {
    private struct Progress: Sendable {
        /// What the head file would name.
        var durable: Position = 0
        /// Where the log proper ends, and the frame that it holds last.
        var applied: Position = 0
        var isDone = false
    }

    @Test func `A reader beside the owner sees all that is durable, whatever is forgotten meanwhile`() throws {
        try withTemporaryDirectory { path in
            let progress = Guarded(Progress())
            let journal = try FileJournal(SystemDisk(directory: path), identity: identity, log: emptyLog)
            let owner = OwnedThread(name: "owner") {
                var series = FrameSeries()
                for number in 1...1500 {
                    _ = journal.appendOne(series.next(records: [3000, 200], answers: number % 5 == 0 ? [10] : []))
                    let position = series.position
                    progress.withLock { $0.durable = position }
                    if number % 50 == 0 {
                        progress.withLock { $0.applied = position }
                        journal.forget(through: UInt64(number))
                    }
                }
                journal.close()
                progress.withLock { $0.isDone = true }
            }
            var rounds = 0
            while !progress.withLock({ $0.isDone }) || rounds == 0 {
                rounds += 1
                // Again when a segment came or went in between, as a reader must.
                var reached: Position = 0
                var wanted: Position = 0
                for _ in 0..<50 {
                    wanted = progress.withLock { $0.durable }
                    let reader = try JournalReader(SystemDisk(directory: path), identity: identity)
                    let log = progress.withLock { $0.applied }
                    var next = log + 1
                    reached = try reader.read(after: log, upTo: wanted) { frame in
                        frame.withRecords { position, record in
                            #expect(position == next || position <= log)
                            if position == next { next += 1 }
                            #expect(record.count == (position % 2 == 1 ? 3000 : 200))
                            let mark = record.loadUnaligned(as: UInt64.self)
                            #expect(UInt64(littleEndian: mark) == position)
                        }
                    }
                    if reached >= wanted { break }
                }
                #expect(reached >= wanted)
            }
            owner.join()
            #expect(rounds > 1)
        }
    }

    @Test func `Frames beyond what is asked for are not shown`() throws {
        let disk = SimulatedDisk(seed: 1)
        var series = FrameSeries()
        let frames = [series.next(records: [10, 10]), series.next(records: [10, 10]), series.next(answers: [3])]
        try JournalAppender(on: disk).appendDurably(frames)
        let reader = try JournalReader(disk, identity: identity)
        func read(upTo last: Position) throws -> (Position, [FrameNumber]) {
            var numbers: [FrameNumber] = []
            return (try reader.read(after: 0, upTo: last) { numbers.append($0.number) }, numbers)
        }
        #expect(try read(upTo: 2) == (2, [1]))
        #expect(try read(upTo: 3) == (2, [1]))
        #expect(try read(upTo: 4) == (4, [1, 2, 3]))
    }

    @Test func `A frame that is half written is the end for now`() throws {
        let disk = SimulatedDisk(seed: 1)
        var series = FrameSeries()
        let frames = [series.next(records: [10]), series.next(records: [1000])]
        try JournalAppender(on: disk).appendDurably(frames)
        disk.damage("00000000000000000001.segment") { bytes in
            for place in (4096 + frames[0].size + 512)..<bytes.count { bytes[place] = 0 }
        }
        let reader = try JournalReader(disk, identity: identity)
        #expect(try reader.read(after: 0, upTo: .max) { _ in } == 1)
    }

    @Test func `Segments that are forgotten while a reader opens leave no gap`() throws {
        let disk = SimulatedDisk(seed: 1)
        var series = FrameSeries()
        let appender = try JournalAppender(on: disk)
        appender.appendDurably([series.next(records: [10])])
        for frame in [series.next(records: [10]), series.next(answers: [3])] {
            try appender.beginEpoch()
            appender.appendDurably([frame])
        }
        let names = try disk.names().sorted()
        #expect(names.count == 3)
        // The first one was opened already when both go.
        let forgetting = WatchedDisk(disk) { name in
            if name == names[1] { for name in names.prefix(2) { try? disk.remove(name) } }
        }
        let reader = try JournalReader(forgetting, identity: identity)
        var numbers: [FrameNumber] = []
        #expect(try reader.read(after: 2, upTo: 2) { numbers.append($0.number) } == 2)
        #expect(numbers == [3])
    }

    @Test func `Where nobody writes, a reader finds damage as an owner does`() throws {
        let disk = SimulatedDisk(seed: 1)
        var series = FrameSeries()
        try JournalAppender(on: disk).appendDurably([series.next(records: [10]), series.next(records: [10])])
        let whole = try JournalReader(recovering: disk, identity: identity, log: emptyLog)
        #expect(try whole.read(after: 0, upTo: .max) { _ in } == 2)
        disk.damage("00000000000000000001.segment") { $0[4096 + 80] ^= 1 }
        #expect(throws: JournalError.self) {
            _ = try JournalReader(recovering: disk, identity: identity, log: emptyLog)
        }
    }

    @Test func `A reader changes nothing`() throws {
        let disk = SimulatedDisk(seed: 1)
        var series = FrameSeries()
        try JournalAppender(on: disk).appendDurably([series.next(records: [10])])
        let before = (try disk.names(), disk.count(.write), disk.count(.sync))
        _ = try JournalReader(recovering: disk, identity: identity, log: emptyLog)
        _ = try JournalReader(disk, identity: identity)
        let after = (try disk.names(), disk.count(.write), disk.count(.sync))
        #expect(after == before)
    }
}

/// A disk that says what is about to be opened.
private struct WatchedDisk: Disk {
    private let disk: SimulatedDisk
    private let willOpen: @Sendable (String) -> Void

    init(_ disk: SimulatedDisk, willOpen: @escaping @Sendable (String) -> Void) {
        (self.disk, self.willOpen) = (disk, willOpen)
    }

    func open(_ name: String, _ mode: DiskOpening) throws(FileError) -> SimulatedDisk.File {
        willOpen(name)
        return try disk.open(name, mode)
    }

    func names() throws(FileError) -> [String] { try disk.names() }
    func remove(_ name: String) throws(FileError) { try disk.remove(name) }
    func rename(_ name: String, to newName: String) throws(FileError) { try disk.rename(name, to: newName) }
    func syncDirectory() throws(FileError) { try disk.syncDirectory() }
    func freeRoom() throws(FileError) -> Int { disk.freeRoom() }
}
