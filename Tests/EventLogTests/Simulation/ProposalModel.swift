import Glibc
import TestSupport

@testable import EventLog

/// Makes random proposals and says what must become of each: what its decision must see, and what its caller must be
/// told.
final class ProposalModel: @unchecked Sendable {
    // because one thread uses it.
    private enum Expected: Equatable {
        case outcome(Outcome)
        case conflict
        case tooLarge
    }

    /// What was decided about a proposal.
    private struct Decided {
        var expected: Expected
        /// Whether it is an entry of the model.
        var isEntry: Bool
        /// How many entries it has seen, its own included.
        var seen: Int
    }

    private static let streams = ["a", "b", "post/1", "post/2", "like/1/2", "é"]

    var model = LogModel()
    /// What was not as it must be.
    private(set) var problem: String?
    /// How many callers were told an event or an answer, the first answer again, and that the storage failed.
    private(set) var told = (news: 0, repeats: 0, failures: 0)
    private var generator: SplitMix64
    private var lastID = 0
    private var decided: [Int: Decided] = [:]
    /// Whose callers were told nothing yet.
    private var untold: Set<Int> = []
    /// Somebody was told that the storage failed. The next decision is made over what is certain alone.
    private(set) var hasFailed = false

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    /// The process died with all that it knew.
    func forgetCallers() {
        decided = [:]
        untold = []
        hasFailed = false
    }

    /// What failed is gone for good.
    func noteSettled() {
        guard hasFailed else { return }
        model.giveUp()
        hasFailed = false
    }

    /// Who was not told, if anybody.
    var unanswered: String? { untold.isEmpty ? nil : "proposals \(untold.sorted()) were never answered" }

    func next(large: Bool) -> Proposal {
        lastID += 1
        let id = lastID
        untold.insert(id)
        let idempotency: Idempotency? =
            generator.oneIn(2)
            ? .key("\(generator.below(40))", of: UInt64(generator.below(2)), generator.oneIn(10) ? 1 : 0) : nil
        let time = Int64(generator.below(1000) + id * 20)
        let names = Self.streams.shuffled(using: &generator).prefix(1 + generator.below(3))
        let kind = generator.below(10)
        let size = generator.oneIn(40) ? 20_000 : large && generator.oneIn(4) ? 400_000 : generator.below(60)
        let payload = ReferenceRecord.bigEndian(UInt64(id), 8) + [UInt8](repeating: UInt8(id % 251), count: size)
        return Proposal(
            time: time, idempotency: idempotency,
            decide: { [self] context in
                look(context)
                switch kind {
                case 0..<6: return append(id, time, names.map { ($0, nil) }, payload, idempotency)
                // It has read another version, sometimes.
                case 6:
                    let version = model.decided.versions[names[0]] ?? 0
                    return append(id, time, [(names[0], id % 2 == 0 ? version : version + 1)], payload, idempotency)
                // Already so, if the stream has an even number of events.
                case 7 where (model.decided.versions[names[0]] ?? 0) % 2 == 1:
                    return append(id, time, [(names[0], nil)], payload, idempotency)
                case 7, 8: return nothing(id, idempotency)
                default:
                    note(id, .outcome(.nothing(answer: [9], asOf: model.decided.position)), isEntry: false)
                    return .refuse(answer: [9])
                }
            },
            recall: { [self] _ in giveUpWhatFailed() },
            completion: { [self] in complete(id, idempotency, $0) })
    }

    // MARK: Deciding

    /// Compares the log as the writer shows it with what was decided.
    private func look(_ context: any DecisionContext) {
        giveUpWhatFailed()
        let state = model.decided
        if context.nextPosition != state.position + 1 || context.newestTime != state.time {
            fail("a decision sees position \(context.nextPosition), where \(state.position + 1) is due")
        }
        for name in Self.streams {
            let version = context.head(of: StreamName(name))?.version ?? 0
            let expected = state.versions[name] ?? 0
            if version != expected { fail("a decision sees \(name) at \(version), where \(expected) is due") }
        }
        let position = Position(generator.below(state.events.count + 2))
        let found = context.withRecord(at: position) { LogModel.Event($0) }
        let isThere = 1...Position(state.events.count + 1) ~= position && position <= state.position
        if found != (isThere ? state.events[Int(position - 1)] : nil) {
            fail("a decision sees another event at \(position)")
        }
    }

    private func giveUpWhatFailed() {
        // Deciding goes on, so what failed is gone for good.
        if hasFailed { model.giveUp() }
        hasFailed = false
    }

    private func append(
        _ id: Int, _ time: Int64, _ streams: [(name: String, read: Version?)], _ payload: [UInt8],
        _ idempotency: Idempotency?
    ) -> Decision {
        let state = model.decided
        let versions = streams.map { (state.versions[$0.name] ?? 0) + 1 }
        let decision = Decision.append(
            NewEvent(
                streams: streams.map { (StreamName($0.name), $0.read) }, type: 1, actor: 7, payload: payload))
        if zip(streams, versions).contains(where: { $0.read != nil && $0.read != $1 - 1 }) {
            note(id, .conflict, isEntry: false)
            return decision
        }
        let event = LogModel.Event(
            position: state.position + 1, time: max(time, state.time), streams: streams.map(\.name),
            versions: versions, payload: LogModel.Payload(bytes: payload))
        model.decide(LogModel.Entry(id: id, idempotency: idempotency, event: event))
        note(id, .outcome(.appended(event.position)), isEntry: true)
        return decision
    }

    private func nothing(_ id: Int, _ idempotency: Idempotency?) -> Decision {
        let answer = [UInt8(id % 251)]
        let position = model.decided.position
        if idempotency != nil { model.decide(LogModel.Entry(id: id, idempotency: idempotency, answer: answer)) }
        note(id, .outcome(.nothing(answer: answer, asOf: position)), isEntry: idempotency != nil)
        return .nothing(answer: answer)
    }

    private func note(_ id: Int, _ expected: Expected, isEntry: Bool) {
        if decided[id] != nil { fail("proposal \(id) was decided twice") }
        decided[id] = Decided(expected: expected, isEntry: isEntry, seen: model.decided.entryCount)
    }

    // MARK: Answering

    private func complete(_ id: Int, _ idempotency: Idempotency?, _ result: Result<Outcome, LogError>) {
        guard untold.remove(id) != nil else { return fail("proposal \(id) was answered twice") }
        switch result {
        case .success(.repeated(let position, let answer)):
            told.repeats += 1
            let known = idempotency.flatMap { model.certain.commands[$0.tableKeyOfTest] }
            if known?.event?.position ?? 0 != position || known?.answer != answer
                || known?.idempotency != idempotency || decided[id] != nil
            {
                fail("proposal \(id) is told that it was answered with \(position), which is not certain")
            }
        case .failure(.idempotencyKeyReused):
            let known = idempotency.flatMap { model.certain.commands[$0.tableKeyOfTest] }
            if known == nil || known?.idempotency == idempotency { fail("proposal \(id) has no key of another") }
        case .success(let outcome): tell(id, .outcome(outcome))
        case .failure(.conflict): tell(id, .conflict)
        case .failure(.tooLarge): tell(id, .tooLarge)
        case .failure:
            told.failures += 1
            if decided[id] != nil { hasFailed = true }
        }
    }

    private func tell(_ id: Int, _ result: Expected) {
        told.news += 1
        guard let decided = decided[id], decided.expected == result else {
            return fail("proposal \(id) is told \(result), where \(String(describing: decided[id]?.expected)) is due")
        }
        if decided.isEntry {
            guard model.open.first?.id == id else { return fail("proposal \(id) is answered out of order") }
            model.confirm()
        }
        if decided.seen > model.certain.entryCount { fail("proposal \(id) is told of what is not certain") }
    }

    private func fail(_ problem: String) { if self.problem == nil { self.problem = problem } }
}
