internal import LMDB
internal import Microblog

/// A row in which two stores differ.
public struct ViewDifference: Sendable, CustomStringConvertible {
    /// Which read model it belongs to.
    public let model: ReadModel
    /// Its table.
    public let table: String
    /// Its key.
    public let key: [UInt8]
    /// What is wrong with it in the store that was checked.
    public let problem: Problem

    /// How a row can be wrong.
    public enum Problem: Sendable {
        /// The log makes this row, but the store does not have it.
        case missing
        /// The store has this row, but the log does not make it.
        case extra
        /// The log makes another value for this row.
        case different
    }

    /// One line for people.
    public var description: String {
        let words =
            switch problem {
            case .missing: "is missing"
            case .extra: "should not be there"
            case .different: "has another value"
            }
        return "read model \(model.name), table \(table): the row of \(RowKeyText.text(key, in: table)) \(words)"
    }
}

/// Two stores are not at the same position, so their rows cannot be compared.
public struct DifferentPositions: Error {}

extension ViewStore {
    /// The first row, in key order, in which a read model differs from what it should be.
    ///
    /// - Parameter expected: a store that was built from the log, at the same position.
    /// - Returns: `nil` if all rows are equal.
    /// - Throws: ``DifferentPositions`` when the two are not at the same position.
    public func firstDifference(_ model: ReadModel, from expected: ViewStore) throws -> ViewDifference? {
        try read { mine in
            try expected.read { theirs in
                guard try mine.position() == theirs.position() else { throw DifferentPositions() }
                for (table, other) in zip(tables.tables(of: model), expected.tables.tables(of: model)) {
                    let found = try mine.pages.withCursor(table) { mine in
                        try theirs.pages.withCursor(other) { theirs in try Self.compare(&mine, &theirs) }
                    }
                    guard let (key, problem) = found else { continue }
                    return ViewDifference(model: model, table: table.name, key: key, problem: problem)
                }
                return nil
            }
        }
    }

    private static func compare(
        _ mine: inout PageCursor, _ theirs: inout PageCursor
    ) throws -> (key: [UInt8], problem: ViewDifference.Problem)? {
        while true {
            switch (try mine.next(), try theirs.next()) {
            case (nil, nil): return nil
            case (let row?, nil): return (Array(row.key), .extra)
            case (nil, let row?): return (Array(row.key), .missing)
            case (let left?, let right?):
                if left.key.elementsEqual(right.key) {
                    if left.value.elementsEqual(right.value) { continue }
                    return (Array(left.key), .different)
                }
                return left.key.lexicographicallyPrecedes(right.key)
                    ? (Array(left.key), .extra) : (Array(right.key), .missing)
            }
        }
    }
}
