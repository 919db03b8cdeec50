import CMicrohttpd
import Glibc

/// Looks for a query parameter by its exact name, or for a header field, while the library goes through all of them.
///
/// The library's own look-up ignores case and does not report a second value.
public struct FieldSearch {
    let name: StaticString
    /// The first value; `nil` when there is none.
    public private(set) var first: UnsafeBufferPointer<UInt8>?
    /// How often it was given.
    public private(set) var count = 0
    private let ignoresCase: Bool

    init(name: StaticString, ignoresCase: Bool = false) {
        self.name = name
        self.ignoresCase = ignoresCase
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
        guard matches(name) else { return }
        count += 1
        if first == nil { first = value }
    }

    func matches(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        guard name.count == self.name.utf8CodeUnitCount, let start = name.baseAddress else { return false }
        return ignoresCase
            ? strncasecmp(start, self.name.utf8Start, name.count) == 0
            : memcmp(start, self.name.utf8Start, name.count) == 0
    }
}

/// Keeps all header lines of a name, while the library goes through all of them.
final class HeaderLines {
    private let search: FieldSearch
    private(set) var all: [UnsafeBufferPointer<UInt8>] = []

    init(name: StaticString) { search = FieldSearch(name: name, ignoresCase: true) }

    static let visit: MHD_KeyValueIteratorN = { context, _, key, keyCount, value, valueCount in
        guard let key else { return .YES }
        let name = UnsafeRawPointer(key).assumingMemoryBound(to: UInt8.self)
        let start = UnsafeRawPointer(value ?? key).assumingMemoryBound(to: UInt8.self)
        Unmanaged<HeaderLines>.fromOpaque(context!).takeUnretainedValue().note(
            name: UnsafeBufferPointer(start: name, count: keyCount),
            value: UnsafeBufferPointer(start: start, count: value == nil ? 0 : valueCount))
        return .YES
    }

    func note(name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) {
        if search.matches(name) { all.append(value) }
    }
}
