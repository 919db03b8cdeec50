/// What is wrong with a member of an object.
public struct JSONFieldError: Error, Equatable, CustomStringConvertible {
    /// In what way.
    public enum Problem: Equatable, Sendable {
        /// It is not there.
        case missing

        /// It is another kind of value.
        case wrongType(expected: String)

        /// It is a whole number, but none of those allowed.
        case outOfRange(Int64, allowed: ClosedRange<Int64>)
    }

    /// Its name.
    public let field: String

    /// What is wrong.
    public let problem: Problem

    /// A sentence without its full stop.
    public var description: String {
        switch problem {
        case .missing: "the field \"\(field)\" is missing"
        case .wrongType(let expected): "the field \"\(field)\" must be \(expected)"
        case .outOfRange(let number, let allowed):
            "the field \"\(field)\" has \(number), allowed are \(allowed.lowerBound) to \(allowed.upperBound)"
        }
    }

    init(_ field: StaticString, _ problem: Problem) {
        self.field = "\(field)"
        self.problem = problem
    }
}
