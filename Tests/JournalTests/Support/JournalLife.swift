import Files
import TestSupport

@testable import Journal

/// A journal that is used, fails, is killed and loses its power, over and over, by a seed; beside it stands what must
/// be true. One thread does all of it.
struct JournalLife {
    let disk: SimulatedDisk
    private var generator: SplitMix64
    /// What is durable for certain, from the first frame on.
    private var acknowledged: [Frame] = []
    /// What may be there: the last frames, of which nobody was told that they are durable.
    private var unknown: [Frame] = []
    /// How many frames the log proper holds. It is on another disk, which never fails.
    private var applied = 0
    /// Segments that were forgotten and are not yet removed for good, in order.
    private var leaving: [String] = []
    /// Room that is being made.
    private var room: RoomMaker<SimulatedDisk>?
    private var roomNumber: UInt64 = 0

    init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
        disk = SimulatedDisk(seed: seed &+ 1 << 32, capacity: [700_000, 1_100_000, 2_500_000][Int(seed % 3)])
    }

    private var log: LogEnd {
        guard applied > 0 else { return emptyLog }
        return LogEnd(position: acknowledged[applied - 1].lastPosition, chain: acknowledged[applied - 1].chain)
    }

    private var series: FrameSeries {
        guard let last = acknowledged.last else { return FrameSeries() }
        return FrameSeries(after: LogEnd(position: last.lastPosition, chain: last.chain))
    }

    /// - Returns: what was not as it must be; `nil` if nothing.
    mutating func run() -> String? {
        for life in 0..<6 {
            // Also while it is opened, again and again.
            var appender: JournalAppender<SimulatedDisk>?
            while appender == nil {
                if generator.oneIn(3) { disk.cutPower(after: generator.below(12)) }
                do throws(JournalError) {
                    appender = try JournalAppender(on: disk, log: log)
                } catch .disk { restart() } catch { return "life \(life), opening: \(error)" }
            }
            if let problem = checkOpened(appender!) ?? use(appender!) { return "life \(life), \(problem)" }
            restart()
        }
        return nil
    }

    private mutating func restart() {
        room = nil
        leaving = []
        if generator.oneIn(4) { disk.restartAfterKill() } else { disk.restartAfterPowerCut() }
    }

    /// What is found at an opening is what was acknowledged, and perhaps some of the frames that were open.
    private mutating func checkOpened(_ appender: JournalAppender<SimulatedDisk>) -> String? {
        let more = Int(appender.head.number) - acknowledged.count
        guard 0...unknown.count ~= more else {
            return "opened with \(appender.head.number) frames of \(acknowledged.count) and \(unknown.count) open ones"
        }
        acknowledged += unknown.prefix(more)
        unknown = []
        return check { try appender.contents(after: log.position) }
    }

    private func check(_ read: () throws -> [FrameContents]) -> String? {
        do {
            let found = try read()
            for frame in found {
                guard 1...acknowledged.count ~= Int(frame.number) else { return "frame \(frame.number) is too many" }
                let expected = FrameContents(acknowledged[Int(frame.number) - 1], number: frame.number)
                guard frame == expected else { return "frame \(frame.number) is another one" }
            }
            let missing = Set((applied + 1)..<(acknowledged.count + 1)).subtracting(found.map { Int($0.number) })
            return missing.isEmpty ? nil : "frames \(missing.sorted()) of \(acknowledged.count) are missing"
        } catch { return "reading: \(error)" }
    }

    private mutating func use(_ appender: JournalAppender<SimulatedDisk>) -> String? {
        disk.cutPower(after: generator.below(120))
        if generator.oneIn(2) { disk.failOneIn(5 + generator.below(40)) }
        for _ in 0..<generator.below(60) {
            switch generator.below(10) {
            case 0: forgetSome(appender)
            case 1: workOnRoom(appender)
            case 2: if let problem = readBeside() { return problem }
            default: if let problem = appendSome(appender) { return problem }
            }
        }
        return nil
    }

    private mutating func appendSome(_ appender: JournalAppender<SimulatedDisk>) -> String? {
        var series = series
        let large = generator.oneIn(4)
        let frames = (0..<1 + generator.below(3)).map { _ in
            let records = (0..<generator.below(4)).map { _ in 8 + generator.below(large ? 12_000 : 300) }
            let answers = (0..<generator.below(records.isEmpty ? 3 : 2)).map { _ in generator.below(200) }
            return series.next(records: records, answers: answers)
        }
        switch appender.append(frames[...]) {
        case .durable(let first):
            guard first == UInt64(acknowledged.count + 1) else { return "frame \(first) after \(acknowledged.count)" }
            acknowledged += frames
        case .refused(let error):
            if case .outOfOrder = error { return "\(error)" }
            begin(appender)
        case .unknown:
            unknown = frames
            begin(appender)
        }
        return nil
    }

    private mutating func begin(_ appender: JournalAppender<SimulatedDisk>) {
        // From now on they must not be there any more.
        if (try? appender.beginEpoch()) != nil { unknown = [] }
    }

    private mutating func forgetSome(_ appender: JournalAppender<SimulatedDisk>) {
        applied += generator.below(acknowledged.count - applied + 1)
        leaving += appender.forget(through: UInt64(applied))
        while let name = leaving.first {
            try? disk.remove(name)
            guard (try? disk.syncDirectory()) != nil else { break }
            leaving.removeFirst()
        }
        for name in appender.takeUnused() { try? disk.remove(name) }
    }

    private mutating func workOnRoom(_ appender: JournalAppender<SimulatedDisk>) {
        if room == nil {
            guard let order = appender.orderRoom() else { return }
            roomNumber = order.number
            room = (try? RoomMaker(disk, order)) ?? nil
        } else {
            do {
                if try room!.step() { return }
                if let spare = try room!.finish() {
                    appender.take(spare)
                    room = nil
                    return
                }
            } catch {}
            try? disk.remove(SegmentName.of(roomNumber))
            room = nil
        }
        if room == nil { appender.take(nil) }
    }

    /// A reader in another process, which knows what was acknowledged.
    private func readBeside() -> String? {
        var found: [FrameContents] = []
        do {
            let reader = try JournalReader(disk, identity: identity)
            let last = acknowledged.last?.lastPosition ?? 0
            let reached = try reader.read(after: log.position, upTo: last) { found.append(FrameContents($0)) }
            guard reached >= last else { return "a reader beside gets to position \(reached) of \(last)" }
        } catch is FileError {
            // The power is off.
            return nil
        } catch { return "reading beside: \(error)" }
        // Frames of answers alone, which have no position by which a reader could know them.
        found.removeAll { $0.number > acknowledged.count && $0.records.isEmpty }
        return check { found }.map { "beside: \($0)" }
    }
}
