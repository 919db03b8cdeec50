import CMicrohttpd
import Glibc

/// Looks for a query parameter by its exact name, while the library goes through all of them.
///
/// The library's own look-up ignores case and does not report a second value.
public struct FieldSearch {
    let name: StaticString
    /// The first value; `nil` when there is none.
    public private(set) var first: UnsafeBufferPointer<UInt8>?
    /// How often the parameter was given.
    public private(set) var count = 0

    init(name: StaticString) {
        self.name = name
    }

    static let visit: MHD_KeyValueIteratorN = { context, _, key, keyCount, value, valueCount in
        let key = UnsafeRawPointer(key ?? value)?.assumingMemoryBound(to: UInt8.self)
        let value = UnsafeRawPointer(value)?.assumingMemoryBound(to: UInt8.self)
        context!.assumingMemoryBound(to: FieldSearch.self).pointee.note(
            name: UnsafeBufferPointer(start: key, count: keyCount),
            value: UnsafeBufferPointer(start: value ?? key, count: value == nil ? 0 : valueCount))
        return .YES
    }

    mutating func note(name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) {
        guard name.count == self.name.utf8CodeUnitCount, let start = name.baseAddress,
            memcmp(start, self.name.utf8Start, name.count) == 0
        else { return }
        count += 1
        if first == nil { first = value }
    }
}
