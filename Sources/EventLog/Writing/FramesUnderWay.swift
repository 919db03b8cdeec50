internal import Journal

/// The frames that a journal was given and that have not ended, with the callers that wait for them, oldest first.
struct FramesUnderWay {
    /// What was decided about proposals, oldest first. Neighbours of the same proposer are told together.
    struct Answers {
        private var runs: [(proposer: any Proposer, conclusions: [Conclusion])] = []

        var isEmpty: Bool { runs.isEmpty }

        init() {}

        mutating func append(_ proposal: Proposal, _ outcome: Result<Outcome, LogError>) {
            if runs.last?.proposer !== proposal.proposer { runs.append((proposal.proposer, [])) }
            runs[runs.count - 1].conclusions.append(Conclusion(proposal.number, outcome))
        }

        mutating func append(_ more: Answers) { runs += more.runs }

        /// Puts a failure in place of every outcome.
        mutating func fail(_ failure: LogError) {
            for index in runs.indices {
                runs[index].conclusions = runs[index].conclusions.map { Conclusion($0.number, .failure(failure)) }
            }
        }

        /// Tells the proposers.
        func tell() { for (proposer, conclusions) in runs { proposer.conclude(conclusions) } }

        /// Tells the proposers: what was decided, or that all of it failed.
        consuming func tell(failure: LogError?) {
            if let failure { fail(failure) }
            tell()
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
