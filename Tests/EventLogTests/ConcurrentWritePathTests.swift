import Journal
import Sealing
import TestSupport
import Testing
import Threads

@testable import EventLog

/// The threads of a real log, over a disk whose writes and syncs fail.
@Suite struct ConcurrentWritePathTests {
    @Test(arguments: 0..<6 as Range<UInt64>) func `Every caller is told once, and told the truth`(seed: UInt64) throws {
        try withTemporaryDirectory(inMemory: true) { directory in
            let disk = SimulatedDisk(seed: seed, capacity: 1 << 24)
            let told = Guarded<[String: Position]>([:])
            var log = try LogOnThreads(directory, disk)
            disk.failOneIn(12)
            let answers = Mailbox<Bool>()
            let senders = (0..<3).map { [proposals = log.proposals] sender in
                OwnedThread(name: "sender") {
                    for number in 0..<100 {
                        let proposal = Proposal(
                            decide: { _ in .append(.of("stream/\(number % 7)", payload: "\(sender) \(number)")) },
                            completion: { result in
                                if case .success(.appended(let position)) = result {
                                    told.withLock { $0["\(sender) \(number)"] = position }
                                }
                                answers.put(true)
                            })
                        proposals.putWaiting(proposal, limit: 40)
                    }
                }
            }
            for sender in senders { sender.join() }
            disk.failOneIn(nil)
            log.close()
            #expect(answers.count == 300)
            // What failed was given up at the end, so nothing else is there.
            log = try LogOnThreads(directory, disk)
            #expect(log.path.withTail { $0.isEmpty })
            var found: [String: Position] = [:]
            _ = try log.slot.withEnvironment { environment, _ in
                try environment.readLog { pages in
                    try pages.lendRecords(after: 0, limit: .max, until: pages.head.position) { record in
                        found[String(decoding: record.payload, as: UTF8.self)] = record.position
                    }
                }
            }
            log.close()
            #expect(found == told.withLock { $0 })
            #expect(found.count > 20)
        }
    }
}

/// What ``LMDBEventLog`` is, over a simulated disk.
private struct LogOnThreads {
    let slot: EnvironmentSlot
    let path: WritePath<FileJournal<SimulatedDisk>>
    let proposals = Mailbox<Proposal>()
    private let journal: FileJournal<SimulatedDisk>
    private let threads: (writer: OwnedThread, applier: OwnedThread)

    init(_ directory: String, _ disk: SimulatedDisk) throws {
        HeadFile.create(path: directory + "/head")
        slot = try EnvironmentSlot(path: directory, mapSize: 1 << 26)
        let tables = try slot.withEnvironment { try LMDBEventLog.identify($0, $1, mayCreate: true) }
        journal = try FileJournal(
            disk, identity: tables.identity, log: LogEnd(position: tables.head.position, chain: tables.chain.hash))
        var configuration = WriteConfiguration()
        configuration.framesUnderWay = 2
        configuration.applyInterval = 1
        configuration.unappliedEvents = 20
        let path = try WritePath(
            slot, journal, HeadFile(path: directory + "/head"), DurableLog(tables, journal),
            Keyring.inMemory(identity: tables.identity),
            identity: tables.identity, configuration, report: { _ in })
        self.path = path
        threads = (
            OwnedThread(name: "log-writer") { [proposals] in
                while let batch = proposals.take(limit: 8) { path.decide(batch) }
                path.settleAll()
            }, OwnedThread(name: "log-applier") { path.applyUntilClosed() }
        )
    }

    func close() {
        proposals.close()
        threads.writer.join()
        path.close()
        threads.applier.join()
        journal.close()
    }
}
