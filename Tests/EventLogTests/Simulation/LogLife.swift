import Files
import Glibc
import Journal
import LMDB
import TestSupport
import Threads

@testable import EventLog

/// A log that is written, fails, is killed, loses its power and is opened again, over and over, by a seed; beside it
/// stands what must be true. One thread does all of it: it decides, makes frames durable, applies them, in any order in
/// which the threads of a real log could.
///
/// The journal is on a simulated disk. The tables are real, and what LMDB committed stays.
final class LogLife: @unchecked Sendable {
    // because one thread uses it.
    let disk: SimulatedDisk
    private let directory: String
    private var generator: SplitMix64
    private var identity: [UInt8]?
    private var process: LogProcess?
    let proposals: ProposalModel
    /// What the writer has taken and may not decide yet.
    private var waiting: [Proposal] = []
    /// The configuration of this life.
    private var configuration = WriteConfiguration()
    private let largeEvents: Bool
    /// What was done, for whoever looks for the reason of a failure.
    private(set) var story: [String] = []
    /// How often something happened that not every seed has.
    private(set) var counts = Counts()

    struct Counts {
        var failedApplications = 0
        /// Openings that found frames in the journal which the tables had already, and some which they had not.
        var openingsBehindTables = 0
        var openingsWithTail = 0
        var openingsThatFailed = 0
    }

    init(seed: UInt64, directory: String) {
        self.directory = directory
        generator = SplitMix64(seed: seed)
        largeEvents = seed % 50 == 7
        disk = SimulatedDisk(
            seed: seed &+ 1 << 32, capacity: [900_000, 1_600_000, 6_000_000][largeEvents ? 2 : Int(seed % 3)])
        proposals = ProposalModel(seed: seed &+ 2 << 32)
    }

    /// - Returns: what was not as it must be; `nil` if nothing.
    func run(lives: Int = 5) -> String? {
        for life in 0..<lives {
            story.append("life \(life)")
            do {
                try open()
                if let problem = try use() ?? end(isLast: life == lives - 1) { throw Problem(problem) }
            } catch {
                process?.die()
                process = nil
                return "life \(life): \(error)"
            }
        }
        return nil
    }

    // MARK: The beginning of a life

    /// Opens the log, also when the power goes meanwhile, again and again.
    private func open(withFaults: Bool = true) throws {
        proposals.forgetCallers()
        waiting = []
        configuration.framesUnderWay = 1 + generator.below(4)
        configuration.unappliedEvents = generator.oneIn(3) ? 5 + generator.below(40) : 100_000
        // Sometimes the tables are full soon.
        let mapSize = withFaults && generator.oneIn(10) ? 1 << 18 : 1 << 26
        let identity = try identity ?? LogProcess.identity(directory)
        self.identity = identity
        while process == nil {
            if withFaults, generator.oneIn(3) { disk.cutPower(after: generator.below(14)) }
            do {
                process = try LogProcess(directory, disk, identity, configuration, mapSize: mapSize)
            } catch JournalError.disk {
                counts.openingsThatFailed += 1
                restart(losingPower: true)
            }
        }
        counts.openingsBehindTables += process!.hasOldFrames ? 1 : 0
        counts.openingsWithTail += process!.path.withTail(\.isEmpty) ? 0 : 1
        if let problem = try proposals.model.takeUp(process!.events(), answers: process!.answers()) {
            throw Problem("opened with \(problem)")
        }
        try check()
    }

    private func restart(losingPower: Bool) {
        process?.die()
        process = nil
        story.append(losingPower ? "the power went" : "killed")
        guard losingPower else { return disk.restartAfterKill() }
        disk.restartAfterPowerCut()
        // It is never synced after the beginning, so any of its older values may be there.
        if generator.oneIn(2) { LogProcess.turnBackHead(directory, generator.below(4)) }
    }

    // MARK: What happens in it

    private func use() throws -> String? {
        if generator.oneIn(2) { disk.cutPower(after: generator.below(160)) }
        if generator.oneIn(2) { disk.failOneIn(4 + generator.below(40)) }
        for _ in 0..<generator.below(80) {
            let process = process!
            switch generator.below(20) {
            case 0..<6: propose()
            case 8..<13:
                let count = 1 + generator.below(3)
                story.append("writes \(min(count, process.journal.waitingCount)) frames")
                process.journal.step(count)
            case 13, 14:
                if generator.oneIn(5) {
                    story.append("a commit fails")
                    process.breakCommits()
                }
                let isApplied = process.path.apply()
                counts.failedApplications += isApplied ? 0 : 1
                story.append("applies: \(isApplied)")
            case 15: process.journal.makeRoom()
            case 16:
                // It dies between a commit and what the journal should hear of it.
                if generator.oneIn(3) { process.journal.isDeaf = true }
            case 17: try check()
            default: propose()
            }
            if let problem = proposals.problem { return problem }
            // Often before anybody has given up what failed.
            if proposals.hasFailed, generator.oneIn(4) { break }
        }
        return nil
    }

    private func propose() {
        if waiting.isEmpty { waiting = (0..<1 + generator.below(6)).map { _ in proposals.next(large: largeEvents) } }
        guard process!.path.tryToDecide(waiting) else { return story.append("has to wait") }
        story.append("decided \(waiting.count)")
        waiting = []
    }

    /// Compares what everybody can see with what was acknowledged.
    private func check() throws {
        let process = process!
        let certain = proposals.model.certain
        let head = process.path.head
        guard head == LogHead(position: certain.position, time: certain.time) else {
            throw Problem("the head is \(head), where \(certain.position) at \(certain.time) is due")
        }
        guard process.path.durable.value == head.position else {
            throw Problem("readers are told \(process.path.durable.value), but the log ends at \(head.position)")
        }
        guard try process.events() == certain.events else { throw Problem("readers see another log") }
        let chain = try process.recomputedChain()
        guard process.path.chainHead == chain else {
            throw Problem("the hash chain is \(process.path.chainHead), where \(chain) is due")
        }
        try process.checkTables(certain)
    }

    // MARK: The end of a life

    private func end(isLast: Bool) throws -> String? {
        if generator.oneIn(3), let problem = try endInOrder() { return problem }
        restart(losingPower: !generator.oneIn(4))
        return isLast ? try checkWhole() : nil
    }

    /// What the writer's thread and the applier's do when the log is closed.
    private func endInOrder() throws -> String? {
        let process = process!
        var rounds = 0
        while !waiting.isEmpty {
            propose()
            process.journal.step()
            _ = process.path.apply()
            rounds += 1
            guard rounds < 100 else { return "proposals wait for ever" }
        }
        process.journal.step()
        process.path.settleAll()
        if !process.journal.hasStopped { proposals.noteSettled() }
        let isApplied = process.path.apply()
        story.append("ends, applied: \(isApplied)")
        if let problem = proposals.problem ?? proposals.unanswered { return problem }
        try check()
        process.journal.close()
        return nil
    }

    /// The last opening, without any fault, and a check of all rows of the tables.
    private func checkWhole() throws -> String? {
        disk.setCapacity(1 << 30)
        try open(withFaults: false)
        let journal = process!.journal
        if let problem = try endInOrder() { return "the last end: \(problem)" }
        guard journal.segmentCount == 1 else { return "\(journal.segmentCount) segments are left of an empty journal" }
        process!.die()
        process = nil
        let report = try EventLogTests.check(directory)
        guard report.isSound, report.head.position == proposals.model.certain.position else {
            return "at \(report.head.position) of \(proposals.model.certain.position): \(report.findings)"
        }
        return proposals.problem
    }
}

/// What was not as it must be.
struct Problem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
