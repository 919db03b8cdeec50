internal import Bytes
internal import EventLog
public import Microblog

/// A point in the history of a log, as people write it: a position, or a time.
///
/// A time stands for the newest event that is not later. Events of the same millisecond are included.
public enum Moment: Hashable, Sendable, CustomStringConvertible {
    /// After the event at this position, which is 1 or more.
    case position(UInt64)
    /// After everything up to this time.
    case time(Timestamp)

    /// Reads decimal digits as a position and anything else in the form of ``Timestamp``; `nil` for anything else, and
    /// for position 0, because it is not the position of an event.
    public init?(_ text: String) {
        if !text.isEmpty, text.utf8.allSatisfy({ Decimal.value($0) != nil }) {
            guard let position = Decimal.number(text.utf8), position > 0 else { return nil }
            self = .position(position)
        } else {
            guard let time = Timestamp(text) else { return nil }
            self = .time(time)
        }
    }

    /// The form in which it can be read again.
    public var description: String {
        switch self {
        case .position(let position): "\(position)"
        case .time(let time): "\(time)"
        }
    }

    /// The position that a log had at this moment.
    ///
    /// - Throws: ``MomentError`` when the log ends before the moment or begins after it; what reading throws.
    func position(in log: any LogSource) throws -> UInt64 {
        let head = try log.head
        guard head.position > 0 else { throw MomentError.emptyLog(self) }
        switch self {
        case .position(let position):
            guard position <= head.position else {
                throw MomentError.beyondNewest(position, newest: head.position, time: Timestamp(head.time))
            }
            return position
        case .time(let time):
            let position = try log.newest(atOrBefore: time.milliseconds)
            guard position > 0 else {
                let first = try log.withRecord(at: 1) { Timestamp($0.time) }
                throw MomentError.beforeFirst(time, first: first ?? Timestamp(head.time))
            }
            return position
        }
    }
}

/// A log has no such moment.
public enum MomentError: Error, Equatable, Sendable, CustomStringConvertible {
    /// It ends before the position.
    case beyondNewest(UInt64, newest: UInt64, time: Timestamp)
    /// It begins after the time.
    case beforeFirst(Timestamp, first: Timestamp)
    /// It holds no events.
    case emptyLog(Moment)

    /// One line for people, with what to do.
    public var description: String {
        switch self {
        case .beyondNewest(let position, let newest, let time):
            "position \(position) is beyond the newest event, which is at position \(newest) (\(time)); "
                + "name a position from 1 to \(newest)"
        case .beforeFirst(let time, let first):
            "\(time) is before the first event, which is of \(first); name that time or a later one"
        case .emptyLog(let moment): "there is no moment \(moment): the log holds no events"
        }
    }
}
