internal import EventLog
internal import Files
internal import Journal
internal import Microblog
internal import Sealing

/// Brings a data directory of the program before to this one's format: every event is written anew, with its personal
/// part sealed, and its streams named without anything personal.
///
/// Positions, times, versions, ids and idempotency keys stay. The chain is another one, since it is made of the bytes;
/// what it was is kept. The new data file is made beside the old one and put in its place at the end, so it can be cut
/// off at any moment and begun again.
public struct DirectoryUpgrade: Sendable {
    /// The newest event.
    public let position: UInt64
    /// What the chain was before.
    public let chainBefore: String
    /// Whether the records were left as they were.
    public let isPlain: Bool

    /// Upgrades a directory, if it needs it.
    ///
    /// - Parameters:
    ///   - keepPlain: leaves the records as they are. What was written before can then be read by whoever has the file,
    ///     and cannot be erased; handles go on to be in the names of streams. New texts and names are sealed.
    ///   - progress: gets how many events are done, of how many.
    /// - Returns: what was done; `nil` when there was nothing to do.
    /// - Throws: ``UpgradeError``; why the log or its keys cannot be read or written. Nothing has changed then.
    public static func run(
        _ directory: DataDirectory, keepPlain: Bool = false, progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws -> DirectoryUpgrade? {
        let path = directory.log
        guard let former = try FormerLog(directory: path) else {
            try LogUpgrade.clear(path)
            return nil
        }
        try LogUpgrade.clear(path)
        if !keepPlain { try requireRoom(for: former, in: path) }
        let keys = try DataLayout(directory.path).ownKeys(of: former.identity, isNew: true)
        if keepPlain {
            try makeKeys(former, keys, progress)
            try LogUpgrade.keepPlain(in: path)
        } else {
            try rewrite(former, in: path, keys, progress)
            try LogUpgrade.exchange(in: path)
        }
        return DirectoryUpgrade(
            position: former.head.position, chainBefore: "\(former.chainHead.hash)", isPlain: keepPlain)
    }

    private static func rewrite(
        _ former: FormerLog, in directory: String, _ keys: Keyring, _ progress: (UInt64, UInt64) -> Void
    ) throws {
        let names = StreamNames(keys)
        let new = try RestoredLog(directory: LogUpgrade.makeRoom(in: directory), identity: former.identity)
        var requests = UpgradedRequests(keys)
        try former.readAll { record in
            let event = try Event(record, openedBy: keys)
            var said = NewEvent(event, at: record.position, by: Issuer(rawValue: record.actor), names: names)
            said.by = record.by
            // Event and record agree on the streams, or the log is not what this program's rules make.
            guard said.streams.count == record.streams.count else {
                throw UpgradeError.streams(position: record.position)
            }
            try new.append(
                said, from: record, idempotency: record.idempotency.map { requests.request($0) }, sealing: keys)
            if record.position % 4096 == 0 { progress(record.position, former.head.position) }
        } _: { former in
            try new.append(
                answer: Rejection.withoutHandle(former.answer), to: requests.request(former.idempotency))
        }
        // A key must be durable before what is sealed with it.
        try keys.sync()
        try new.finish(chainBefore: former.chainHead)
    }

    /// Makes the keys that new events about the accounts need.
    private static func makeKeys(
        _ former: FormerLog, _ keys: Keyring, _ progress: (UInt64, UInt64) -> Void
    ) throws {
        try former.readAll { record in
            if record.type == AccountRegistered.type.code { _ = try keys.makeKey(of: record.position) }
            if record.position % 4096 == 0 { progress(record.position, former.head.position) }
        } _: { _ in
        }
        try keys.sync()
    }

    private static func requireRoom(for former: FormerLog, in directory: String) throws {
        // Sealing adds 56 bytes to an event that says something, mostly to some 200.
        let needed = former.dataSize + former.dataSize / 2 + (16 << 20)
        let free = try SystemDisk(directory: directory).freeRoom()
        guard free >= needed else { throw UpgradeError.room(directory, needed: needed, free: free) }
    }
}

/// Why a data directory is not upgraded.
public enum UpgradeError: Error, Sendable, CustomStringConvertible {
    /// The new data file has no room beside the old one.
    case room(String, needed: Int, free: Int)
    /// An event is in other streams than the rules say.
    case streams(position: UInt64)

    /// One line for people, with what to do.
    public var description: String {
        switch self {
        case .room(let path, let needed, let free):
            "the upgrade of \(path) needs \(needed >> 20) MiB beside the log, and \(free >> 20) MiB are free: make room, or "
                + "leave the old records in plain with `martlet upgrade --keep-plain`"
        case .streams(let position):
            "the event at position \(position) is in other streams than this martlet puts it in; report this"
        }
    }
}
