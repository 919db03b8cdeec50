public import Files
internal import Threads

/// A ``Journal`` in files: segments in a directory of their own, by a thread that writes and syncs, and one that makes
/// room and removes files.
///
/// Group commit: what is appended while a sync runs goes out with the next one, with one write. A single frame waits
/// for nobody.
///
/// Close it before letting go of it: its threads hold it until then.
public final class FileJournal<D: Disk>: Journal, @unchecked Sendable {
    // because `appender` is touched only by the thread `journal`, and by `close()` after its end; `threads` is written
    // once in `init`. Everything else is safe by itself.
    private enum Request: Sendable {
        case append(Frame, @Sendable (AppendOutcome) -> Void)
        case beginEpoch(Mailbox<Result<JournalHead, JournalError>>)
        case forget(FrameNumber)
    }

    /// What others than the thread that syncs may look at.
    private struct Shared: Sendable {
        var head: JournalHead
        var segments: SegmentList<D.File>
        var hasStopped: Bool
        var counts = JournalCounts()
    }

    private enum Errand: Sendable {
        case makeRoom(RoomOrder)
        /// Segments, oldest first.
        case remove([String])
        case removeUnused([String])
    }

    private let disk: D
    private let appender: JournalAppender<D>
    private let requests = Mailbox<Request>()
    private let errands = Mailbox<Errand>()
    private let roomMade = Mailbox<SpareSegment<D.File>?>()
    private let shared: Guarded<Shared>
    private var threads: (journal: OwnedThread, room: OwnedThread)?

    /// Opens a journal, or makes one in an empty directory. Damage is found now.
    ///
    /// - Parameters:
    ///   - disk: the directory of the journal alone; nobody else may write there.
    ///   - identity: the sixteen bytes that identify the log.
    ///   - log: where the log ends that the frames are applied to. What comes after it is to be read and applied.
    /// - Throws: ``JournalError``
    public init(_ disk: D, identity: [UInt8], log: LogEnd) throws(JournalError) {
        self.disk = disk
        appender = try JournalAppender(disk, identity: identity, log: log)
        var start = Shared(head: appender.head, segments: appender.segments, hasStopped: appender.hasStopped)
        start.counts.epochs = appender.hasStopped ? 0 : 1
        shared = Guarded(start)
        errands.put(.removeUnused(appender.takeUnused()))
        threads = (
            OwnedThread(name: "journal") { [self] in serveRequests() },
            OwnedThread(name: "journal-room") { [self] in runErrands() }
        )
    }

    public var head: JournalHead { shared.withLock { $0.head } }

    /// What it has done so far.
    public var counts: JournalCounts { shared.withLock { $0.counts } }

    public var hasStopped: Bool { shared.withLock { $0.hasStopped } }

    public func append(_ frame: Frame, _ completion: @escaping @Sendable (AppendOutcome) -> Void) {
        if !requests.put(.append(frame, completion)) { completion(.refused(.closed)) }
    }

    public func beginEpoch() throws(JournalError) -> JournalHead {
        let answer = Mailbox<Result<JournalHead, JournalError>>()
        guard requests.put(.beginEpoch(answer)), let result = answer.take()?.first else { throw .closed }
        return try result.get()
    }

    public func read(after position: Position, _ body: (FrameView) throws -> Void) throws {
        let (head, segments) = shared.withLock { ($0.head, $0.segments) }
        let reached = try segments.read(after: position, through: head.number, upTo: .max, body)
        guard reached?.head.number ?? head.number == head.number else {
            throw JournalError.corrupt(
                JournalCorruption(
                    problem:
                        "frame \((reached?.head.number ?? 0) + 1) cannot be read any longer; \(JournalCorruption.advice)"
                ))
        }
    }

    public func forget(through number: FrameNumber) {
        requests.put(.forget(number))
    }

    /// Whether the caller runs on the thread that completes frames, and so must not wait for it.
    public var isOnThisThread: Bool { threads?.journal.isThisThread ?? false }

    public func close() {
        requests.close()
        threads?.journal.join()
        errands.close()
        threads?.room.join()
        roomMade.close()
        // Room that came too late.
        for case let spare? in roomMade.take() ?? [] { try? disk.remove(SegmentName.of(spare.number)) }
        try? disk.syncDirectory()
    }

    // MARK: The thread that writes and syncs

    private func serveRequests() {
        var frames: [Frame] = []
        var completions: [@Sendable (AppendOutcome) -> Void] = []
        var size = 0
        func flush() {
            guard !frames.isEmpty else { return }
            let start = ContinuousClock.now
            let outcome = appender.append(frames[...])
            let duration = ContinuousClock.now - start
            publish { counts in
                if case .durable = outcome { counts.frames += UInt64(frames.count) }
                counts.syncs += 1
                counts.syncTime += duration
            }
            for (index, completion) in completions.enumerated() { completion(outcome.ofFrame(index)) }
            frames.removeAll(keepingCapacity: true)
            completions.removeAll(keepingCapacity: true)
            size = 0
            sendErrands()
        }
        while let waiting = requests.take() {
            for request in waiting {
                switch request {
                case .append(let frame, let completion):
                    if size + frame.size > JournalLimits.batch { flush() }
                    frames.append(frame)
                    completions.append(completion)
                    size += frame.size
                case .beginEpoch(let answer):
                    flush()
                    answer.put(beginNextEpoch())
                case .forget(let number):
                    remove(appender.forget(through: number))
                }
            }
            flush()
        }
        // If it fails, frames are left that the log holds already.
        remove((try? appender.leaveEmpty()) ?? [])
        errands.put(.removeUnused(appender.takeUnused()))
    }

    private func beginNextEpoch() -> Result<JournalHead, JournalError> {
        defer { sendErrands() }
        do throws(JournalError) {
            try appender.beginEpoch()
        } catch { return .failure(error) }
        publish { $0.epochs += 1 }
        return .success(appender.head)
    }

    /// Before any completion: who is told that a frame is durable can read it.
    private func publish(_ count: (inout JournalCounts) -> Void = { _ in }) {
        let (head, segments, hasStopped) = (appender.head, appender.segments, appender.hasStopped)
        shared.withLock { shared in
            (shared.head, shared.segments, shared.hasStopped) = (head, segments, hasStopped)
            count(&shared.counts)
        }
    }

    private func remove(_ names: [String]) {
        guard !names.isEmpty else { return }
        publish()
        errands.put(.remove(names))
    }

    /// After the completions: nobody waits for room.
    private func sendErrands() {
        if roomMade.count > 0, let made = roomMade.take(limit: 1)?.first { appender.take(made) }
        if let order = appender.orderRoom() { errands.put(.makeRoom(order)) }
        let unused = appender.takeUnused()
        if !unused.isEmpty { errands.put(.removeUnused(unused)) }
    }

    // MARK: The thread that makes room

    private func runErrands() {
        var segments: [String] = []
        while let waiting = errands.take() {
            for errand in waiting {
                switch errand {
                case .makeRoom(let order):
                    roomMade.put(RoomMaker.make(disk, order, while: { !requests.isClosed }))
                case .remove(let names): segments += names
                case .removeUnused(let names): for name in names { try? disk.remove(name) }
                }
            }
            removeForGood(&segments)
        }
    }

    /// Removes segments, each for good before the next: recovery needs all that follow the oldest. What cannot be
    /// removed now stays for the next time.
    private func removeForGood(_ segments: inout [String]) {
        while let name = segments.first {
            // If it is missing, a sync alone failed before.
            do throws(FileError) { try disk.remove(name) } catch { guard error.isMissing else { return } }
            guard (try? disk.syncDirectory()) != nil else { return }
            segments.removeFirst()
        }
    }
}

extension BatchOutcome {
    /// What became of one of the frames.
    func ofFrame(_ index: Int) -> AppendOutcome {
        switch self {
        case .durable(let first): .durable(first + UInt64(index))
        case .refused(let error): .refused(error)
        case .unknown(let error): .unknown(error)
        }
    }
}
