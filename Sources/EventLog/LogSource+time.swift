extension LogSource {
    /// The newest event that is not younger than a time.
    ///
    /// - Parameter time: milliseconds since 1970 UTC.
    /// - Returns: its position; 0 when the first event is younger, or there is none.
    public func newest(atOrBefore time: Int64) throws -> Position {
        // Times never go back along the log, so the answer is in `low...high`, both ends included.
        var low: Position = 0
        var high = try head.position
        while low < high {
            let middle = high - (high - low) / 2
            guard let found = try withRecord(at: middle, { $0.time }) else { throw LogCorruption.missing(middle) }
            if found <= time { low = middle } else { high = middle - 1 }
        }
        return low
    }
}
