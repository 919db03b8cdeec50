import Files
import Journal
import TestSupport
import Testing
import Threads

/// A kind of journal that the conformance suite is run on.
enum JournalKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case memory
    case files
    case simulatedFiles

    var testDescription: String { rawValue }

    /// Lends a new journal of an empty log; closes and removes it afterwards.
    ///
    /// - Parameter body: gets also what lets the next frame end unknown; `nil` where that cannot be had.
    func withJournal(_ body: (any Journal, (() -> Void)?) throws -> Void) throws {
        try withTemporaryDirectory { path in
            let journal: any Journal
            let failNext: (() -> Void)?
            switch self {
            case .memory:
                let memory = MemoryJournal(log: emptyLog)
                (journal, failNext) = (memory, { memory.failNext() })
            case .files:
                (journal, failNext) = (
                    try FileJournal(SystemDisk(directory: path), identity: identity, log: emptyLog), nil
                )
            case .simulatedFiles:
                let disk = SimulatedDisk(seed: 1)
                (journal, failNext) = (
                    try FileJournal(disk, identity: identity, log: emptyLog), { disk.failNext(.sync) }
                )
            }
            defer { journal.close() }
            try body(journal, failNext)
        }
    }
}

extension Journal {
    /// Appends frames, all under way at once.
    ///
    /// - Returns: what became of them, in the order in which they ended.
    func appendAll(_ frames: [Frame]) -> [(index: Int, outcome: AppendOutcome)] {
        let ended = Mailbox<(index: Int, outcome: AppendOutcome)>()
        for (index, frame) in frames.enumerated() { append(frame) { ended.put((index, $0)) } }
        var all: [(index: Int, outcome: AppendOutcome)] = []
        while all.count < frames.count { all += ended.take() ?? [] }
        return all
    }

    /// Appends one frame and waits for it.
    func appendOne(_ frame: Frame) -> AppendOutcome { appendAll([frame])[0].outcome }

    /// What can be read after a position.
    func contents(after position: Position = 0) throws -> [FrameContents] {
        var all: [FrameContents] = []
        try read(after: position) { all.append(FrameContents($0)) }
        return all
    }
}

extension AppendOutcome {
    /// The number, if it is durable.
    var number: FrameNumber? { if case .durable(let number) = self { number } else { nil } }

    var isRefused: Bool { if case .refused = self { true } else { false } }

    var isUnknown: Bool { if case .unknown = self { true } else { false } }
}
