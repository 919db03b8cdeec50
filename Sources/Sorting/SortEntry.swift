/// What an ``EntrySorter`` sorts: two numbers that give the order, and one that comes along.
@frozen
public struct SortEntry: Equatable, Sendable {
    /// Orders first.
    public var first: UInt64
    /// Orders among equal ``first``.
    public var second: UInt64
    /// Does not order.
    public var payload: UInt64

    /// Makes an entry.
    @inlinable
    public init(_ first: UInt64, _ second: UInt64, _ payload: UInt64) {
        self.first = first
        self.second = second
        self.payload = payload
    }

    /// Whether this one comes before another; of equal ones neither does.
    @inlinable
    public func isBefore(_ other: SortEntry) -> Bool {
        first != other.first ? first < other.first : second < other.second
    }
}
