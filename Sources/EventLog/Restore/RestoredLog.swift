internal import Bytes
internal import Files
internal import Glibc
internal import LMDB
public import Sealing

/// A new log that is written from the records of another log, byte for byte, with the same identity.
///
/// Streams, commands and the hash chain are made from the records. What is written does not count until ``finish()``:
/// before that, nobody can open the log. Use it from one thread only.
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
    private var newestKey: UInt64?
    /// Whether all records are as the program before wrote them.
    public private(set) var isOfFormatBefore = true

    /// Begins a log.
    ///
    /// - Parameters:
    ///   - directory: must exist and be empty.
    ///   - identity: the identity of the log that the records come from.
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
    /// - Throws: ``LogRestoreError`` when it does not follow the one before it, `LMDBError` when it cannot be stored;
    ///   the log cannot be used any more then. The error may come some records later.
    public func append(_ record: RecordView) throws {
        guard record.position == head.position + 1 else {
            throw LogRestoreError.gap(expected: head.position + 1, found: record.position)
        }
        guard record.time >= head.time || head.position == 0 else {
            throw LogRestoreError.timeGoesBack(position: record.position, time: record.time, previous: head.time)
        }
        waiting.append(record.bytes)
        chainHead.append(record)
        newestKey = record.accountWithKey ?? newestKey
        if !record.isOfLayoutBefore { isOfFormatBefore = false }
        if chainHead.isMilestone { milestones.append(chainHead) }
        head = LogHead(position: record.position, time: record.time)
        if waiting.isLarge { try store() }
    }

    /// Adds the event of the next position, said anew: position, time and versions are those of the record that
    /// it comes from.
    ///
    /// - Parameters:
    ///   - event: has the same streams in the same order, whatever they are called.
    ///   - idempotency: names the request that led to it, if that had a key.
    ///   - keys: seal what is personal.
    /// - Throws: as ``append(_:)-(RecordView)``; `KeyError`, `LogError` when it cannot be sealed.
    public func append(
        _ event: NewEvent, from record: RecordView, idempotency: Idempotency?, sealing keys: Keyring
    ) throws {
        try RecordLayout.withEncoded(
            event, versions: record.streams.map { $0.version }, position: record.position, time: record.time,
            idempotency: idempotency, sealing: keys
        ) { try append(RecordView(position: record.position, $0)) }
    }

    /// Adds the answer to a command that made no event.
    public func append(_ answer: RememberedAnswer) throws {
        waiting.append(answer)
        if waiting.isLarge { try store() }
    }

    /// Adds the answer to a request that made no event.
    public func append(answer: [UInt8], to request: Idempotency) throws {
        try request.tableKey.withUnsafeBytes { key in
            try CommandRow.bytes(request, position: 0, answer: answer).withUnsafeBytes { row in
                if let answer = try RememberedAnswer(key, row) { try append(answer) }
            }
        }
    }

    /// Stores what is left, waits until everything is on the disk, and completes the log.
    ///
    /// A log of records that the program before wrote has the format of that program, too: so it is upgraded like any
    /// other of those.
    ///
    /// Nothing may be added afterwards. While this object lives, nothing else in this process may open the directory.
    ///
    /// - Parameter chainBefore: what the chain was where the records come from, if they are other ones.
    public func finish(chainBefore: ChainHead? = nil) throws {
        try store()
        try environment.write { transaction in
            let isFormer = isOfFormatBefore && head.position > 0
            try transaction.putFormat(tables, isFormer ? LogFormat.former : LogFormat.name)
            if let chainBefore { try transaction.putMeta(ChainHead.beforeName, chainBefore.beforeBytes, tables) }
            try transaction.putMeta("identity", identity, tables)
        }
        try environment.sync()
        // This comes last, because a log without its head file is refused.
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
                try record.position.withBigEndianBytes { try transaction.put(tables.events, $0, bytes, .append) }
                try transaction.advanceStreams(record, tables)
                if let idempotency = record.idempotency {
                    let row = CommandRow.bytes(idempotency, position: record.position)
                    try transaction.putNewCommand(idempotency.tableKey, row, at: record.position, tables)
                }
                stored += 1
            }
            for milestone in milestones { try transaction.putMilestone(milestone, tables) }
            try transaction.putNewestKey(newestKey, tables)
            try transaction.moveChainHead(from: old, to: chainHead, tables)
            for answer in waiting.answers {
                try transaction.putNewCommand(answer.key, answer.value, at: 0, tables)
            }
        }
        waiting.removeAll()
        milestones = []
    }

    private static func isEmpty(_ directory: String) -> Bool {
        (try? Directory.names(in: directory))?.isEmpty == true
    }
}

/// Records and answers that wait to be stored in one transaction, copied into one block of memory.
struct RecordBatch {
    /// Some 50,000 records. With this many, a page that several records change is written once.
    private static let large = 8 << 20

    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private(set) var answers: [(key: [UInt8], value: [UInt8])] = []
    private var answerBytes = 0

    var isEmpty: Bool { ends.isEmpty && answers.isEmpty }
    var isLarge: Bool { bytes.count + answerBytes >= Self.large }

    mutating func append(_ record: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: record)
        ends.append(bytes.count)
    }

    mutating func append(_ answer: RememberedAnswer) {
        answers.append((Array(answer.key), Array(answer.value)))
        answerBytes += answer.key.count + answer.value.count + 64
    }

    /// Lends each record, in order.
    func withRecords(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        try bytes.withUnsafeBytes { bytes in
            var start = 0
            for end in ends {
                try body(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
                start = end
            }
        }
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        answers = []
        answerBytes = 0
    }
}

/// The rows that follow from a record that is already stored.
extension WriteTransaction {
    /// Makes a record the newest event of its streams.
    ///
    /// - Throws: ``LogRestoreError/versionGap(position:stream:expected:found:)``.
    borrowing func advanceStreams(_ record: RecordView, _ tables: LogTables) throws {
        try record.withStreams { name, version in
            let known =
                try get(tables.streams, name).map {
                    try StreamHead($0, of: StreamName(Array(name))).version
                } ?? 0
            guard version == known + 1 else {
                throw LogRestoreError.versionGap(
                    position: record.position, stream: StreamName(Array(name)), expected: known + 1, found: version)
            }
            let head = StreamHead(version: version, position: record.position, type: record.type)
            try head.withBytes { try put(tables.streams, name, $0) }
        }
    }

    /// Adds a row to the table of commands.
    ///
    /// - Throws: ``LogRestoreError/commandTwice(position:actor:key:)``.
    borrowing func putNewCommand(_ key: [UInt8], _ value: [UInt8], at position: Position, _ tables: LogTables) throws {
        try key.withUnsafeBytes { key in
            guard try get(tables.commands, key) == nil else {
                throw LogRestoreError.commandTwice(
                    position: position, actor: key.bigEndianUInt64(at: 0),
                    key: String(decoding: key.dropFirst(8), as: UTF8.self))
            }
            try value.withUnsafeBytes { try put(tables.commands, key, $0) }
        }
    }
}

/// Why the records cannot form a log.
public enum LogRestoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The directory for the new log is missing, or is not empty.
    case notEmpty(directory: String)
    /// The system denies what the new log needs.
    case system(path: String, errno: Int32)
    /// A record is not the one after the newest.
    case gap(expected: Position, found: Position)
    /// A record is older than the one before it.
    case timeGoesBack(position: Position, time: Int64, previous: Int64)
    /// A record is not the next event of one of its streams.
    case versionGap(position: Position, stream: StreamName, expected: Version, found: Version)
    /// Two commands of one account have the same idempotency key.
    case commandTwice(position: Position, actor: UInt64, key: String)

    /// One line for people.
    public var description: String {
        switch self {
        case .notEmpty(let directory):
            "\(directory) is not an empty directory; a log is restored into an empty one"
        case .system(let path, let code): "cannot write \(path): \(String(cString: strerror(code)))"
        case .gap(let expected, let found): "the record at position \(found) comes where \(expected) is expected"
        case .timeGoesBack(let position, let time, let previous):
            "the time of the event at position \(position) is \(time), before that of the previous one, \(previous)"
        case .versionGap(let position, let stream, let expected, let found):
            "the event at position \(position) is version \(found) of stream \(stream), expected \(expected)"
        case .commandTwice(let position, let actor, let key):
            "the idempotency key \"\(key)\" of account \(actor) comes again"
                + (position == 0 ? "" : " at position \(position)")
        }
    }
}
