/// What was found under a name: the first value, and how many there are, because two are ambiguous.
public struct FieldSearch {
    /// The first value; `nil` when there is none.
    public private(set) var first: UnsafeBufferPointer<UInt8>?
    /// How often the name was given.
    public private(set) var count = 0

    mutating func note(_ value: UnsafeBufferPointer<UInt8>) {
        count += 1
        if first == nil { first = value }
    }
}
