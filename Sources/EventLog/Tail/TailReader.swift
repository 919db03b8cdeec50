internal import Files
internal import Glibc
internal import Journal
internal import Threads

/// Finds the tail of a log that is only read: what its journal holds and its tables do not hold yet.
///
/// The order in which a reader looks at things makes it right, beside a process that writes, applies and forgets:
///
/// 1. Whether somebody holds the head file. If nobody does, the names of the journal's files come next, and the question
///    once more.
/// 2. The head file: everything up to there is durable.
/// 3. The journal is opened. From now on its files are kept.
/// 4. LMDB's snapshot is taken. It holds all that was forgotten before step 3.
///
/// Steps 1 to 3 are ``look(opening:)``, step 4 is the caller's, and then ``tail(_:after:withAnswers:)`` says what belongs
/// to that snapshot, or that the caller has to look again.
///
/// Where somebody may write, the tail ends where the head file says: a frame beyond that may not be durable, and then a
/// power cut takes it back. Where nobody does, every whole frame belongs to it, as at an opening. Whoever begins to
/// write meanwhile begins a segment first, so the names tell.
final class TailReader: Sendable {
    private let headFile: HeadFile
    private let disk: SystemDisk
    private let identity: [UInt8]
    private let known = Guarded(KnownTail())

    /// - Parameter directory: that of the log.
    init(directory: String, identity: [UInt8], _ headFile: HeadFile) {
        disk = JournalDirectory(ofLog: directory).disk
        self.identity = identity
        self.headFile = headFile
    }

    /// Looks at what must be seen before LMDB's snapshot is taken.
    ///
    /// - Parameter opening: whether the journal is opened too. That is not needed for records that are in the tables, or
    ///   in a tail that is known already.
    /// - Throws: ``LogCorruption`` for a damaged journal or head file, `FileError`.
    func look(opening: Bool) throws -> TailSight {
        if !headFile.isHeld {
            let names = try names()
            if !headFile.isHeld { return TailSight(noted: try headFile.read() ?? 0, state: .settled(names)) }
        }
        let noted = try headFile.read() ?? 0
        return TailSight(noted: noted, state: .owned(opening ? try open() : nil))
    }

    /// The tail that continues tables which end at a position.
    ///
    /// - Parameters:
    ///   - sight: what was seen before the snapshot of the tables.
    ///   - log: where the tables of the snapshot end.
    ///   - withAnswers: whether the remembered answers of its frames count. (They have no position of their own.)
    /// - Returns: `nil` if it is not known; the caller has to look again, with the journal opened. It also has to if the
    ///   tail does not reach the head file's position.
    /// - Throws: ``LogCorruption`` for a damaged journal, `FileError`.
    func tail(_ sight: TailSight, after log: LogEnd, withAnswers: Bool) throws -> Tail? {
        switch sight.state {
        case .owned(let journal):
            try ownedTail(journal, after: log.position, upTo: sight.noted, withAnswers)
        case .settled(let names):
            try settledTail(names, after: log)
        }
    }

    private func ownedTail(
        _ journal: JournalReader<SystemDisk>?, after position: Position, upTo last: Position, _ withAnswers: Bool
    ) throws -> Tail? {
        let none = Tail(after: position)
        // Answers are applied in order, so tables that are ahead of the head file lack none that was acknowledged.
        if last < position || (last == position && !(withAnswers && journal != nil)) {
            known.withLock { $0.dropFrames(through: position) }
            return none
        }
        let known = known.withLock { $0 }
        if !withAnswers, let tail = known.records(after: position, upTo: last) { return tail }
        guard let journal else { return nil }
        // Only what is new, if the rest is known.
        if !withAnswers, let start = known.records(after: position) {
            let more = try read(journal, after: start, upTo: last, from: known.place)
            if more.tail?.end == last { return keep(more) }
        }
        return try keep(read(journal, after: none, upTo: last))
    }

    private func keep(_ found: KnownTail) -> Tail? {
        known.withLock { $0 = found }
        return found.tail
    }

    private func settledTail(_ names: [String], after log: LogEnd) throws -> Tail? {
        if names.isEmpty { return Tail(after: log.position) }
        if let tail = known.withLock({ $0.settledTail(names, after: log.position) }) { return tail }
        var found: KnownTail
        do {
            let journal = try withLogErrors { try JournalReader(recovering: disk, identity: identity, log: log) }
            found = try read(journal, after: Tail(after: log.position), upTo: .max)
        } catch {
            guard try self.names() == names else { return nil }
            throw error
        }
        guard try self.names() == names else { return nil }
        // What was read is not known to be durable: a later reading beside a writer has to see it anew.
        found.place = nil
        found.names = names
        return keep(found)
    }

    /// Adds the frames after a tail to it. There is none any more where they do not continue it: some were forgotten
    /// before the journal was opened.
    private func read(
        _ journal: JournalReader<SystemDisk>, after start: Tail, upTo last: Position, from place: JournalPlace? = nil
    ) throws -> KnownTail {
        var tail = start
        var place = place
        var isWhole = true
        try withLogErrors {
            _ = try journal.read(after: start.end, upTo: last, from: &place) { frame in
                isWhole = isWhole && frame.firstPosition == tail.end + 1
                if isWhole { tail.append(Frame(frame)) }
            }
        }
        return isWhole ? KnownTail(tail: tail, place: place) : KnownTail()
    }

    /// - Returns: `nil` if there is no journal: the log was restored, and not opened since.
    private func open() throws -> JournalReader<SystemDisk>? {
        do {
            return try withLogErrors { try JournalReader(disk, identity: identity) }
        } catch let error as FileError where error.code == ENOENT {
            return nil
        }
    }

    private func names() throws -> [String] {
        do throws(FileError) {
            return try disk.names().sorted()
        } catch {
            guard error.code == ENOENT else { throw error }
            return []
        }
    }

    private func withLogErrors<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch JournalError.corrupt(let corruption) {
            throw LogCorruption(corruption)
        } catch JournalError.disk(let error) {
            throw error
        }
    }
}

/// What a reader has looked at before it takes LMDB's snapshot.
struct TailSight {
    fileprivate enum State {
        /// Somebody may write. The journal is there if it was to be opened, and exists.
        case owned(JournalReader<SystemDisk>?)
        /// Nobody writes. These are the names of the journal's files.
        case settled([String])
    }

    /// The head file's position; 0 while it names none.
    let noted: Position
    fileprivate let state: State
    /// Whether nobody writes, so that looking again shows nothing new.
    var isSettled: Bool { if case .settled = state { true } else { false } }
}

/// The newest tail that was found. What was shown once stays as it is, so it needs to be read only once.
private struct KnownTail: Sendable {
    var tail: Tail?
    /// Where it ends in the journal, if all of it is durable.
    var place: JournalPlace?
    /// The names of the journal's files, if nobody wrote when it was found.
    var names: [String]?

    /// Gives back the memory of what the tables have.
    mutating func dropFrames(through position: Position) {
        guard let end = tail?.end, end <= position else { return }
        tail = Tail(after: end)
        names = nil
    }

    /// The tail where nobody has written since it was found.
    func settledTail(_ names: [String], after position: Position) -> Tail? {
        names == self.names && tail?.start == position ? tail : nil
    }

    /// The records after a position, as far as they are known; `nil` unless all are known from there on. Answers may be
    /// missing.
    func records(after position: Position) -> Tail? {
        guard var part = tail, part.start <= position else { return nil }
        if part.end <= position { return Tail(after: position) }
        part.removeFirst(part.frames.prefix { $0.lastPosition <= position }.count)
        return part.start == position ? part : nil
    }

    /// The records between two positions, if they are known.
    func records(after position: Position, upTo last: Position) -> Tail? {
        guard var part = records(after: position), part.end >= last else { return nil }
        part.removeLast(part.frames.reversed().prefix { $0.lastPosition > last }.count)
        return part.end == last ? part : nil
    }
}
