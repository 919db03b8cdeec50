internal import Glibc
internal import LMDB

/// A new log that is written from the records of another one, byte for byte, with that one's identity.
///
/// Streams, commands and the hash chain are made from the records. What is written counts for nothing until
/// ``finish()``: a log without that is refused by whoever opens it. Not for several threads.
public final class RestoredLog {
    /// The newest event so far.
    public private(set) var head = LogHead()
    /// The value of the hash chain there.
    public private(set) var chainHead: ChainHead

    private let directory: String
    private let identity: [UInt8]
    private let environment: Environment
    private let tables: LogTables
    private var waiting = RecordBatch()
    private var milestones: [ChainHead] = []
    private var stored: Position = 0

    /// Begins a log.
    ///
    /// - Parameters:
    ///   - directory: must exist and be empty.
    ///   - identity: of the log that the records come from.
    ///   - mapSize: the most bytes that the log may ever hold.
    /// - Throws: ``LogRestoreError/notEmpty(directory:)``, `LMDBError`.
    public init(directory: String, identity: [UInt8], mapSize: Int = 1 << 38) throws {
        guard Self.isEmpty(directory) else { throw LogRestoreError.notEmpty(directory: directory) }
        self.directory = directory
        self.identity = identity
        environment = try Environment.ofLog(directory, mapSize: mapSize, durability: .onSync)
        tables = try LogTables(environment)
        chainHead = ChainHead(position: 0, hash: ChainHash(identity: identity))
    }

    /// Adds the record of the next position.
    ///
    /// - Throws: ``LogRestoreError`` when it does not follow the one before it, `LMDBError` when it cannot be stored; then
    ///   the log is of no use any more. That may show some records later.
    public func append(_ record: RecordView) throws {
        guard record.position == head.position + 1 else {
            throw LogRestoreError.gap(expected: head.position + 1, found: record.position)
        }
        guard record.time >= head.time || head.position == 0 else {
            throw LogRestoreError.timeGoesBack(position: record.position, time: record.time, previous: head.time)
        }
        waiting.append(record.bytes)
        chainHead.append(record)
        if chainHead.isMilestone { milestones.append(chainHead) }
        head = LogHead(position: record.position, time: record.time)
        if waiting.isLarge { try store() }
    }

    /// Adds the answer to a command that made no event.
    public func append(_ answer: RememberedAnswer) throws {
        waiting.append(answer)
        if waiting.isLarge { try store() }
    }

    /// Stores what is left, waits until everything is on the disk, and makes it a log.
    ///
    /// Nothing may be added afterwards, and until the object is gone nobody else in this process may open the directory.
    public func finish() throws {
        try store()
        try environment.write { transaction in
            try transaction.putFormat(tables)
            try transaction.putMeta("identity", identity, tables)
        }
        try environment.sync()
        // Last of all, since a log without its head file is refused.
        let path = directory + "/head"
        HeadFile.create(path: path)
        let headFile = try HeadFile(path: path)
        headFile.write(head.position)
        guard try headFile.read() == head.position else { throw LogRestoreError.system(path: path, errno: ENOSPC) }
        headFile.sync()
    }

    private func store() throws {
        guard !waiting.isEmpty else { return }
        try environment.write { transaction in
            let old = stored
            try waiting.withRecords { bytes in
                let record = try RecordView(position: stored + 1, bytes)
                try record.position.withKey { try transaction.put(tables.events, $0, bytes, .append) }
                try transaction.advanceStreams(record, tables)
                if let idempotency = record.idempotency {
                    let row = CommandRow.bytes(idempotency, position: record.position)
                    try transaction.putNewCommand(idempotency.tableKey, row, at: record.position, tables)
                }
                stored += 1
            }
            for milestone in milestones { try transaction.putMilestone(milestone, tables) }
            try transaction.moveChainHead(from: old, to: chainHead, tables)
            for answer in waiting.answers {
                try transaction.putNewCommand(answer.key, answer.value, at: 0, tables)
            }
        }
        waiting.removeAll()
        milestones = []
    }

    private static func isEmpty(_ directory: String) -> Bool {
        guard let stream = opendir(directory) else { return false }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            // "." and ".." are all that may be there.
            let (first, second, third) = (entry.pointee.d_name.0, entry.pointee.d_name.1, entry.pointee.d_name.2)
            let dot = CChar(UInt8(ascii: "."))
            guard first == dot, second == 0 || (second == dot && third == 0) else { return false }
        }
        return true
    }
}
