import Files
import Glibc
import Hashing
import Journal
import LMDB
import Sealing
import TestSupport

@testable import EventLog

/// All that a process has of a log: what ``LMDBEventLog`` is made of, with a journal that takes one step at a time.
final class LogProcess {
    let slot: EnvironmentSlot
    let journal: SteppedJournal
    let path: WritePath<SteppedJournal>
    /// Whether the journal held frames that the tables have.
    let hasOldFrames: Bool
    private let directory: String
    private let identity: [UInt8]

    /// The identity of the log in a directory, which is made if there is none.
    static func identity(_ directory: String) throws -> [UInt8] {
        HeadFile.create(path: directory + "/head")
        let slot = try EnvironmentSlot(path: directory, mapSize: 1 << 26)
        return try slot.withEnvironment { try LMDBEventLog.identify($0, $1, mayCreate: true) }.identity
    }

    /// Opens a log as ``LMDBEventLog`` does.
    ///
    /// - Throws: `JournalError.disk` when the power goes meanwhile; all else is a fault.
    init(
        _ directory: String, _ disk: SimulatedDisk, _ identity: [UInt8], _ configuration: WriteConfiguration,
        mapSize: Int
    ) throws {
        self.directory = directory
        self.identity = identity
        slot = try EnvironmentSlot(path: directory, mapSize: mapSize)
        let headFile = try HeadFile(path: directory + "/head")
        let noted = try headFile.read()
        let tables = try slot.withEnvironment { try LMDBEventLog.identify($0, $1, mayCreate: false) }
        journal = try SteppedJournal(
            disk, identity: identity, log: LogEnd(position: tables.head.position, chain: tables.chain.hash))
        let log: DurableLog
        let segments = journal.segmentCount
        do {
            log = try DurableLog(tables, journal)
        } catch let error as FileError {
            throw JournalError.disk(error)
        }
        hasOldFrames = journal.segmentCount < segments && log.number > 0
        try headFile.check(noted, against: log.head)
        headFile.write(log.head.position)
        path = try WritePath(
            slot, journal, headFile, log, Keyring.inMemory(identity: identity), identity: identity, configuration,
            report: { _ in })
    }

    /// Is gone from one moment to the next.
    func die() { journal.die() }

    /// Lets the head file name an older position, as after a loss of power.
    static func turnBackHead(_ directory: String, _ count: Int) {
        guard let file = try? HeadFile(path: directory + "/head"), let noted = try? file.read() else { return }
        file.write(noted - min(noted, Position(count)))
    }

    /// Puts /dev/full in the place of the descriptor that LMDB writes meta pages to, the one with O_DSYNC: the next
    /// commit fails when all of its other pages are written. LMDB takes a new one when it is opened again.
    func breakCommits() {
        let full = Glibc.open("/dev/full", O_RDWR)
        defer { close(full) }
        var file = stat()
        guard stat(directory + "/data.mdb", &file) == 0 else { return }
        for descriptor in ((try? Directory.names(in: "/proc/self/fd")) ?? []).compactMap({ Int32($0) }) {
            var found = stat()
            guard fstat(descriptor, &found) == 0, found.st_ino == file.st_ino, found.st_dev == file.st_dev,
                fcntl(descriptor, F_GETFL) & O_DSYNC != 0
            else { continue }
            dup2(full, descriptor)
        }
    }
}

/// What a log shows.
extension LogProcess {
    /// All records that readers see: those of the tables, and behind them those of the tail.
    private func withRecords(_ body: (RecordView) throws -> Void) throws {
        let tail = path.withTail { $0 }
        _ = try slot.withEnvironment { environment, _ in
            try environment.readLog { try $0.lendRecords(after: 0, limit: .max, until: tail.start, body) }
        }
        _ = try tail.lendRecords(after: tail.start, limit: .max, until: tail.end, body)
    }

    func events() throws -> [LogModel.Event] {
        var events: [LogModel.Event] = []
        try withRecords { events.append(LogModel.Event($0)) }
        return events
    }

    func recomputedChain() throws -> ChainHead {
        var hash = Blake2b.hash(Array("martlet-log".utf8) + identity, size: 32)
        var position: Position = 0
        try withRecords { record in
            hash = Blake2b.hash(hash + Array(record.bytes), size: 32)
            position = record.position
        }
        return ChainHead(position: position, hash: hash.withUnsafeBytes { ChainHash($0)! })
    }

    /// The keys of the answers that were kept without an event, in tables and tail.
    func answers() throws -> Set<[UInt8]> {
        var keys = Set(try rows(\.commands).filter { $0.value[16..<24].allSatisfy { $0 == 0 } }.keys)
        for frame in path.withTail({ $0.frames }) { frame.withAnswers { key, _ in keys.insert(Array(key)) } }
        return keys
    }

    private func rows(_ table: KeyPath<LogTables, Table>) throws -> [[UInt8]: [UInt8]] {
        var rows: [[UInt8]: [UInt8]] = [:]
        try slot.withEnvironment { environment, tables in
            try environment.read { transaction in
                try transaction.withCursor(tables[keyPath: table]) { cursor in
                    while let row = try cursor.next() { rows[Array(row.key)] = Array(row.value) }
                }
            }
        }
        return rows
    }

    /// Checks that the tables are at some position of what is certain, with each row that is due there.
    func checkTables(_ certain: LogModel.State) throws {
        let position = Position(try rows(\.events).count)
        guard position <= certain.position else { throw Problem("the tables end at \(position)") }
        var versions: [[UInt8]: [UInt8]] = [:]
        for event in certain.events.prefix(Int(position)) {
            for (name, version) in zip(event.streams, event.versions) {
                versions[Array(name.utf8)] =
                    ReferenceRecord.bigEndian(version, 8)
                    + ReferenceRecord.bigEndian(event.position, 8) + [1] + [UInt8](repeating: 0, count: 7)
            }
        }
        guard try rows(\.streams) == versions else { throw Problem("the heads of streams at \(position) are others") }
        let expected = certain.commands.filter { ($0.value.event?.position ?? 0) <= position }
        for (key, row) in try rows(\.commands) {
            guard let entry = expected[key] else { throw Problem("a command is in the tables at \(position)") }
            let value = entry.idempotency!.fingerprint + ReferenceRecord.bigEndian(entry.event?.position ?? 0, 8)
            guard row == value + entry.answer else { throw Problem("a command has another row at \(position)") }
        }
        let commands = try rows(\.commands)
        guard expected.allSatisfy({ $0.value.event == nil || commands[$0.key] != nil }) else {
            throw Problem("a command is missing in the tables at \(position)")
        }
    }
}

extension LogModel.Event {
    init(_ record: RecordView) {
        let streams = record.streams
        self.init(
            position: record.position, time: record.time, streams: streams.map(\.name.description),
            versions: streams.map(\.version), payload: LogModel.Payload(bytes: Array(record.payload)))
    }
}
