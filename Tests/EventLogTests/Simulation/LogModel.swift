import EventLog
import Glibc

/// What a log holds, told as plainly as possible: a list of what was decided, in order. The front of it is durable for
/// certain, because somebody was told so. The rest may be there after the process died, or not: but only its beginning.
struct LogModel {
    struct Event: Equatable {
        var position: Position
        var time: Int64
        var streams: [String]
        var versions: [Version]
        var payload: Payload
    }

    /// Bytes that are compared at once, since there are many.
    struct Payload: Equatable {
        let bytes: [UInt8]

        static func == (left: Payload, right: Payload) -> Bool {
            left.bytes.count == right.bytes.count && memcmp(left.bytes, right.bytes, left.bytes.count) == 0
        }
    }

    /// What a proposal left behind.
    struct Entry: Equatable {
        /// The proposal.
        var id: Int
        var idempotency: Idempotency?
        /// `nil` for an answer alone.
        var event: Event?
        var answer: [UInt8] = []
    }

    /// What follows from a list of entries.
    struct State {
        private(set) var events: [Event] = []
        private(set) var versions: [String: Version] = [:]
        /// By the keys of the `commands` table.
        private(set) var commands: [[UInt8]: Entry] = [:]
        private(set) var entryCount = 0

        var position: Position { Position(events.count) }
        var time: Int64 { events.last?.time ?? 0 }

        mutating func take(_ entry: Entry) {
            entryCount += 1
            if let key = entry.idempotency { commands[key.tableKeyOfTest] = entry }
            guard let event = entry.event else { return }
            events.append(event)
            for (name, version) in zip(event.streams, event.versions) { versions[name] = version }
        }
    }

    /// What is durable for certain.
    private(set) var certain = State()
    /// That, and all that was decided over it.
    private(set) var decided = State()
    /// What is decided and not certain.
    private(set) var open: [Entry] = []
    /// How many entries were there after a death although nobody had been told so, and how many were gone.
    private(set) var outcomes = (kept: 0, gone: 0)

    mutating func decide(_ entry: Entry) {
        decided.take(entry)
        open.append(entry)
    }

    /// The oldest open entry is durable.
    mutating func confirm() { certain.take(open.removeFirst()) }

    /// All that is not certain is gone for good.
    mutating func giveUp() {
        open = []
        decided = certain
    }

    /// The process died, and the log was opened again.
    ///
    /// - Parameters:
    ///   - events: what it holds.
    ///   - answers: the keys of the answers that it remembers.
    /// - Returns: what is wrong; `nil` if nothing is.
    mutating func takeUp(_ events: [Event], answers: Set<[UInt8]>) -> String? {
        guard events.count >= certain.events.count else {
            return "\(events.count) events of \(certain.events.count) that were acknowledged"
        }
        while let next = open.first {
            if next.event != nil {
                guard certain.events.count < events.count else { break }
            } else {
                guard answers.contains(next.idempotency!.tableKeyOfTest) else { break }
            }
            confirm()
            outcomes.kept += 1
        }
        outcomes.gone += open.count
        giveUp()
        guard events == certain.events else {
            let index = zip(events, certain.events).enumerated().first { $1.0 != $1.1 }?.offset ?? certain.events.count
            return "event \(index + 1) of \(events.count) is none of the \(certain.events.count) that it can be"
        }
        let expected = Set(certain.commands.filter { $0.value.event == nil }.keys)
        guard answers == expected else {
            return "\(expected.subtracting(answers).count) answers are missing, "
                + "\(answers.subtracting(expected).count) are too many"
        }
        return nil
    }
}

extension Idempotency {
    /// Its key in the `commands` table.
    var tableKeyOfTest: [UInt8] { ReferenceRecord.bigEndian(actor, 8) + key }
}
