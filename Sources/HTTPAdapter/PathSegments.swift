internal import Bytes
internal import Glibc

/// The parts of a path between its slashes, at most six. No route has more.
struct PathSegments {
    /// The greatest id. JavaScript holds every whole number up to this one exactly.
    static let highestID = (1 << 53) - 1
    /// The most segments that are kept.
    static let most = 6

    private var ends: (Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0)
    private let path: UnsafeBufferPointer<UInt8>
    /// How many there are; 7 when there are more than six.
    private(set) var count = 0

    init(_ path: UnsafeBufferPointer<UInt8>) {
        self.path = path
        guard path.first == UInt8(ascii: "/") else { return }
        var index = 1
        while true {
            while index < path.count, path[index] != UInt8(ascii: "/") { index += 1 }
            if count == Self.most {
                count = Self.most + 1
                return
            }
            withUnsafeMutableBytes(of: &ends) { $0.bindMemory(to: Int.self)[count] = index }
            count += 1
            if index >= path.count { return }
            index += 1
        }
    }

    /// The bytes of one segment.
    subscript(index: Int) -> UnsafeBufferPointer<UInt8> {
        withUnsafeBytes(of: ends) { bytes in
            let ends = bytes.bindMemory(to: Int.self)
            let start = index == 0 ? 1 : ends[index - 1] + 1
            return UnsafeBufferPointer(rebasing: path[start..<ends[index]])
        }
    }

    /// Whether a segment is this word.
    func matches(_ index: Int, _ word: UnsafeBufferPointer<UInt8>) -> Bool {
        let segment = self[index]
        return segment.count == word.count
            && (word.isEmpty || memcmp(segment.baseAddress!, word.baseAddress!, word.count) == 0)
    }

    /// A segment as an id: a positive integer that JavaScript holds exactly, in plain digits; `nil` for anything else.
    func id(_ index: Int) -> UInt64? {
        guard let id = Decimal.id(self[index]), id <= Self.highestID else { return nil }
        return id
    }
}
