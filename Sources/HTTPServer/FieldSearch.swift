import CMicrohttpd
import Glibc

/// Looks for a query parameter by its exact name, while the library goes through all of them.
///
/// Its own look-up compares without case and does not tell of a second one.
struct FieldSearch {
    let name: StaticString
    private(set) var first: UnsafeBufferPointer<UInt8>?
    private(set) var count = 0

    init(name: StaticString) {
        self.name = name
    }

    static let visit: MHD_KeyValueIteratorN = { context, _, key, keyCount, value, valueCount in
        context!.assumingMemoryBound(to: FieldSearch.self).pointee.note(key, keyCount, value, valueCount)
        return .YES
    }

    private mutating func note(
        _ key: UnsafePointer<CChar>?, _ keyCount: Int, _ value: UnsafePointer<CChar>?, _ valueCount: Int
    ) {
        guard let key, keyCount == name.utf8CodeUnitCount, memcmp(key, name.utf8Start, keyCount) == 0 else { return }
        count += 1
        guard first == nil else { return }
        let start = UnsafeRawPointer(value ?? key).assumingMemoryBound(to: UInt8.self)
        first = UnsafeBufferPointer(start: start, count: value == nil ? 0 : valueCount)
    }
}
