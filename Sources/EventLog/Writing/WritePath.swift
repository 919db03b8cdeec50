internal import Clocks
internal import Journal
internal import LMDB
internal import Sealing
internal import Threads

/// The way of a proposal into the log: decided by the writer, made durable by the journal, applied to the tables.
///
/// It has no thread of its own. Three threads drive it: one calls ``decide(_:)``, the journal's own ends the frames, one
/// calls ``applyUntilClosed()``.
final class WritePath<J: Journal>: @unchecked Sendable {
    // because `writer` and `attemptsBefore` are touched only by the thread that decides; everything else is safe by
    // itself.
    private struct State {
        var log: DurableLog
        var underWay = FramesUnderWay()
        /// Why a frame did not end durable; until the journal has begun a new epoch.
        var failure: LogError?
        var schedule: ApplySchedule
        /// Why the tables could not be brought up to the journal the last time.
        var applyFailure: LogError?
        var applyAttempts = 0
        var isClosing = false
    }

    /// What everybody may read.
    let durable: Watermark
    private let slot: EnvironmentSlot
    private let journal: J
    private let headFile: HeadFile
    private let keys: Keyring
    private let identity: [UInt8]
    private let configuration: WriteConfiguration
    private let report: @Sendable (LogError) -> Void
    private let observer: (any FrameObserver)?
    private let state: Guarded<State>
    private var writer: LogWriter
    /// How many attempts there were to bring the tables up to the journal when the one was wanted that is waited for.
    private var attemptsBefore: Int?
    /// Rings for the thread that decides.
    private let writerBell = Doorbell()
    /// Rings for the thread that applies.
    private let applierBell = Doorbell()

    init(
        _ slot: EnvironmentSlot, _ journal: J, _ headFile: HeadFile, _ log: DurableLog, _ keys: Keyring,
        identity: [UInt8], _ configuration: WriteConfiguration, observer: (any FrameObserver)? = nil,
        report: @escaping @Sendable (LogError) -> Void
    ) throws {
        self.slot = slot
        self.journal = journal
        self.headFile = headFile
        self.keys = keys
        self.identity = identity
        self.configuration = configuration
        self.observer = observer
        self.report = report
        writer = try LogWriter(log, keys)
        durable = Watermark(log.head.position)
        var start = State(log: log, schedule: ApplySchedule(configuration))
        // On a full disk the journal opens for reading; the first batch tries to begin an epoch.
        if journal.hasStopped { start.failure = .journal(.stopped) }
        state = Guarded(start)
    }

    // MARK: What is durable

    var head: LogHead { state.withLock { $0.log.head } }
    var chainHead: ChainHead { state.withLock { $0.log.chain } }

    /// Lends what the tables lack, as far as it is durable.
    func withTail<Result>(_ body: (Tail) throws -> sending Result) rethrows -> sending Result {
        try state.withLock { try body($0.log.tail) }
    }

    // MARK: The thread that decides

    /// Decides proposals over the log as it will be, and gives what comes of it to the journal. Waits until it may.
    func decide(_ batch: [Proposal]) {
        while !tryToDecide(batch) { writerBell.wait() }
    }

    /// Decides proposals as ``decide(_:)`` does, if it may now.
    ///
    /// - Returns: whether the proposals were taken. If not, something has to end first: a frame, or an attempt to bring
    ///   the tables up to the journal.
    func tryToDecide(_ batch: [Proposal]) -> Bool {
        do {
            guard try isReady() else { return false }
            decideNow(batch)
        } catch {
            // Nothing was decided.
            let failure = LogError(error)
            var answers = FramesUnderWay.Answers()
            for proposal in batch { answers.append(proposal, .failure(failure)) }
            answers.tell()
        }
        return true
    }

    private func decideNow(_ batch: [Proposal]) {
        var answers = FramesUnderWay.Answers()
        var next = 0
        do {
            let now = WallClock.milliseconds
            try slot.withEnvironment { environment, tables in
                try environment.read { transaction in
                    try writer.over(transaction, tables) {
                        while next < batch.count {
                            let outcome = try writer.run(batch[next], now: now)
                            // These frames were full before this proposal.
                            for frame in writer.takeFinished() { try send(frame, &answers) }
                            answers.append(batch[next], outcome)
                            next += 1
                        }
                    }
                }
            }
            if let frame = writer.takeLast() { try send(frame, &answers) }
        } catch {
            // What is in no frame yet is void, and so is what was decided over it.
            let failure = LogError(error)
            report(failure)
            state.withLock { if $0.failure == nil { $0.failure = failure } }
            answers.fail(failure)
            for proposal in batch[next...] { answers.append(proposal, .failure(failure)) }
            return settle(answers)
        }
        settle(answers)
    }

    /// Gives a frame to the journal, with the callers that wait for it.
    ///
    /// - Throws: `KeyError` when a key cannot be made durable, which must be so before what is sealed with it.
    private func send(_ decided: DecidedFrame, _ answers: inout FramesUnderWay.Answers) throws {
        try keys.sync()
        let waiting = answers
        answers = FramesUnderWay.Answers()
        state.withLock { $0.underWay.append(decided, waiting) }
        if let events = decided.frame.positions { observer?.sent(events, bytes: decided.frame.size) }
        journal.append(decided.frame) { [self] outcome in frameEnded(outcome) }
    }

    /// Answers callers whose decisions made no frame, as soon as all that they have seen is durable.
    private func settle(_ answers: FramesUnderWay.Answers) {
        guard !answers.isEmpty else { return }
        let (waits, failure) = state.withLock { state in (state.underWay.join(answers), state.failure) }
        if !waits { answers.tell(failure: failure) }
    }

    /// Whether the next proposals may be decided. Goes on after a failure, as soon as that is possible.
    ///
    /// - Throws: why nothing can be written now.
    private func isReady() throws -> Bool {
        var (applied, hasFailed, depth) = state.withLock { state in
            (state.log.appliedCount, state.failure != nil, state.underWay.count)
        }
        if hasFailed {
            // All that were appended after the one that failed must have ended.
            guard depth == 0 else { return false }
            try goOn()
            applied = state.withLock { $0.log.appliedCount }
        }
        writer.forget(applied: applied)
        guard try canTablesBeWritten() else { return false }
        let unapplied = writer.unapplied
        guard unapplied.events < configuration.unappliedEvents, unapplied.bytes < configuration.unappliedBytes else {
            // Without a durable frame there is nothing to apply, and the next one to end asks again.
            if !withTail(\.isEmpty) { wantTables() }
            return false
        }
        return depth < configuration.framesUnderWay
    }

    /// Begins a new epoch, and forgets what was decided and is not durable.
    private func goOn() throws {
        do throws(JournalError) { try journal.beginEpoch() } catch { throw LogError(error) }
        let log = state.withLock { $0.log }
        writer = try LogWriter(log, keys)
        state.withLock { $0.failure = nil }
    }

    /// While the tables cannot be written, nothing more is taken: so who writes learns of it while all of it is still
    /// there. Each batch has another attempt made.
    ///
    /// - Returns: `false` while that is under way.
    /// - Throws: why it failed.
    private func canTablesBeWritten() throws -> Bool {
        let (attempts, failure) = state.withLock { ($0.applyAttempts, $0.applyFailure) }
        let before = attemptsBefore
        attemptsBefore = nil
        guard let failure else { return true }
        if let before, before != attempts { throw failure }
        attemptsBefore = attempts
        if before == nil { wantTables() }
        return false
    }

    private func wantTables() {
        state.withLock { $0.schedule.want() }
        applierBell.ring()
    }

    /// Waits until all frames have ended. If one failed, gives it up for good where the disk allows it: what was
    /// answered as a failure does not come back then.
    func settleAll() {
        while !state.withLock({ $0.underWay.isEmpty }) { writerBell.wait() }
        if state.withLock({ $0.failure != nil }) { try? goOn() }
    }

    // MARK: The journal's thread

    private func frameEnded(_ outcome: AppendOutcome) {
        let failure: LogError? =
            switch outcome {
            case .durable: nil
            case .refused(let error): LogError(error)
            case .unknown(let error): .disk(error)
            }
        let now = MonotonicClock.milliseconds
        let (decided, isFirstFailure, wakesApplier) = state.withLock { state in
            let decided = state.underWay.first
            if case .durable(let number) = outcome {
                state.log.append(decided, number: number)
                return (decided, false, state.schedule.noteFrame(state.log.tail, now: now))
            }
            defer { if state.failure == nil { state.failure = failure } }
            return (decided, state.failure == nil, false)
        }
        if let failure {
            if isFirstFailure { report(failure) }
        } else {
            // The mark comes before the answers: what was acknowledged is shown by readers in other processes.
            headFile.write(decided.newest.position)
            durable.advance(to: decided.newest.position)
        }
        if wakesApplier { applierBell.ring() }
        while let answers = state.withLock({ $0.underWay.takeAnswersOfFirst() }) { answers.tell(failure: failure) }
        if decided.frame.positions != nil { observer?.ended(isDurable: failure == nil) }
        writerBell.ring()
    }

    // MARK: The thread that applies

    /// Brings the tables up to the journal, again and again.
    func applyUntilClosed() {
        while true {
            let now = MonotonicClock.milliseconds
            let (wait, isClosing, hasFailed) = state.withLock { state in
                (state.schedule.wait(state.log.tail, now: now), state.isClosing, state.applyFailure != nil)
            }
            if isClosing {
                _ = apply()
                return
            }
            switch wait {
            case 0?:
                // Most likely the disk is full.
                if !apply() { applierBell.wait(atMost: 1000) }
            case let wait?: applierBell.wait(atMost: hasFailed ? min(wait, 1000) : wait)
            case nil: applierBell.wait()
            }
        }
    }

    /// Applies what is durable now, in one transaction.
    ///
    /// - Returns: whether that was possible.
    func apply() -> Bool {
        let tail = state.withLock { $0.log.tail }
        var failure: LogError?
        do {
            try slot.withEnvironment { environment, tables in
                try environment.forgetDeadReaders()
                guard !tail.isEmpty else { return }
                try environment.write { try $0.apply(tail.frames, identity: identity, tables) }
            }
        } catch {
            failure = LogError(error)
        }
        let now = MonotonicClock.milliseconds
        let (applied, isNews) = state.withLock { state -> (FrameNumber?, Bool) in
            state.applyAttempts += 1
            let isNews = failure != nil && state.applyFailure == nil
            state.applyFailure = failure
            // A failed attempt is done as well: the next one comes after a pause, or when somebody wants it.
            let number = failure == nil && !tail.isEmpty ? state.log.applied(tail.frames.count) : nil
            state.schedule.noteDone(state.log.tail, now: now)
            return (number, isNews)
        }
        if let failure, isNews { report(failure) }
        if let applied { journal.forget(through: applied) }
        writerBell.ring()
        return failure == nil
    }

    /// Ends ``applyUntilClosed()`` once everything is applied.
    func close() {
        state.withLock { $0.isClosing = true }
        applierBell.ring()
    }
}
