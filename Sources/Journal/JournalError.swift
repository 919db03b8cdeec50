public import Files

/// Why a journal did not do what was asked.
public enum JournalError: Error, Sendable, CustomStringConvertible {
    /// A call to the disk failed.
    case disk(FileError)
    /// A frame before this one did not end durable, and no new epoch was begun.
    case stopped
    /// The journal is closed or closing.
    case closed
    /// The frame begins at another position than the one after the newest frame.
    case outOfOrder(expected: Position, actual: Position)
    /// What is stored is not what was written.
    case corrupt(JournalCorruption)

    /// One line that names the values.
    public var description: String {
        switch self {
        case .disk(let error): "\(error)"
        case .stopped: "the journal has stopped after a failed write; begin a new epoch"
        case .closed: "the journal is closed"
        case .outOfOrder(let expected, let actual):
            "the frame begins at position \(actual), but the journal goes on at \(expected); report this"
        case .corrupt(let corruption): "\(corruption)"
        }
    }
}

/// Damage that was found in a journal: where it is and what it is.
public struct JournalCorruption: Error, Sendable, Equatable, CustomStringConvertible {
    /// The name of the segment; `nil` if it is the journal as a whole.
    public let segment: String?
    /// The place in the segment, in bytes.
    public let offset: Int
    /// What is wrong, and what to do.
    public let problem: String

    /// Names damage.
    public init(segment: String? = nil, offset: Int = 0, problem: String) {
        self.segment = segment
        self.offset = offset
        self.problem = problem
    }

    /// One line for people.
    public var description: String {
        guard let segment else { return "the journal is damaged: \(problem)" }
        return "the journal is damaged in segment \(segment) at byte \(offset): \(problem)"
    }

    /// What to do about acknowledged frames that are not there any longer.
    static let advice = "acknowledged writes are lost; restore a backup"
}
