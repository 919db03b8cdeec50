/// A named table of an ``Environment``: unique keys in byte order, each with one value.
///
/// Integers in keys must be big-endian, so that byte order is number order.
public struct Table: Sendable, Hashable {
    let id: UInt32
    /// The name that LMDB keeps the table under.
    public let name: String

    /// Two handles are the same table when LMDB gave them the same number.
    public static func == (left: Table, right: Table) -> Bool { left.id == right.id }

    /// Hashes the number alone, as `==` compares it.
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
