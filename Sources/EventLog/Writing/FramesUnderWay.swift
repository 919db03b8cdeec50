internal import Journal

/// The frames that a journal was given and that have not ended, with the callers that wait for them, oldest first.
struct FramesUnderWay {
    /// Proposals with what was decided about them.
    struct Answers {
        private(set) var proposals: [Proposal] = []
        private(set) var outcomes: [Result<Outcome, LogError>] = []

        var isEmpty: Bool { proposals.isEmpty }

        init() {}

        /// Proposals that all failed.
        init(_ proposals: some Sequence<Proposal>, _ failure: LogError) {
            for proposal in proposals { append(proposal, .failure(failure)) }
        }

        mutating func append(_ proposal: Proposal, _ outcome: Result<Outcome, LogError>) {
            proposals.append(proposal)
            outcomes.append(outcome)
        }

        mutating func append(_ more: Answers) {
            proposals += more.proposals
            outcomes += more.outcomes
        }

        /// Tells the callers: what was decided, or that all of it failed.
        func tell(failure: LogError? = nil) {
            for (proposal, outcome) in zip(proposals, outcomes) {
                proposal.completion(failure.map { .failure($0) } ?? outcome)
            }
        }
    }

    /// Each frame with the callers that wait for it.
    private var entries: [(decided: DecidedFrame, answers: Answers)] = []

    var count: Int { entries.count }
    var isEmpty: Bool { entries.isEmpty }

    mutating func append(_ decided: DecidedFrame, _ answers: Answers) { entries.append((decided, answers)) }

    /// Lets callers without a frame of their own wait for the newest one: what they are told was decided over it.
    ///
    /// - Returns: `false` when there is none to wait for.
    mutating func join(_ answers: Answers) -> Bool {
        guard !entries.isEmpty else { return false }
        entries[entries.count - 1].answers.append(answers)
        return true
    }

    /// The oldest frame.
    var first: DecidedFrame { entries[0].decided }

    /// Takes the callers that wait for the oldest frame. When there are none left, takes the frame out. Until then
    /// others can join it: so callers are told in the order in which they came.
    ///
    /// - Returns: `nil` when the frame was taken out.
    mutating func takeAnswersOfFirst() -> Answers? {
        guard !entries[0].answers.isEmpty else {
            entries.removeFirst()
            return nil
        }
        defer { entries[0].answers = Answers() }
        return entries[0].answers
    }
}

/// A frame on its way, and the newest event after it.
struct DecidedFrame {
    let frame: Frame
    let newest: LogHead
}
