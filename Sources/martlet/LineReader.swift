import Glibc

/// Reads lines from a file or standard input in large pieces.
final class LineReader {
    private let descriptor: Int32
    private let path: String
    /// The whole length in bytes; `nil` if the system does not know it.
    let size: Int?
    /// How many bytes have been handed out.
    private(set) var consumed = 0
    private var buffer: [UInt8] = []
    private var start = 0

    /// Opens a file; `-` is standard input.
    init(_ path: String) throws {
        self.path = path == "-" ? "standard input" : path
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure("cannot open \(path): \(String(cString: strerror(errno)))") }
        var status = stat()
        let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        size = isFile ? Int(status.st_size) : nil
    }

    deinit { if descriptor != STDIN_FILENO { close(descriptor) } }

    /// Lends the next line, without its end.
    ///
    /// - Returns: whether there was one.
    func next(_ body: (UnsafeRawBufferPointer) throws -> Void) throws -> Bool {
        var searched = start
        while true {
            let end = buffer.withUnsafeBytes { bytes -> Int? in
                guard searched < bytes.count,
                    let found = memchr(bytes.baseAddress! + searched, 10, bytes.count - searched)
                else { return nil }
                return UnsafeRawPointer(found) - bytes.baseAddress!
            }
            if let end { return try hand(out: start..<end, next: end + 1, body) }
            searched = buffer.count - start
            buffer.removeFirst(start)
            start = 0
            if try !fill() {
                if buffer.isEmpty { return false }
                return try hand(out: 0..<buffer.count, next: buffer.count, body)
            }
        }
    }

    private func hand(
        out range: Range<Int>, next: Int, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Bool {
        consumed += next - start
        start = next
        try buffer.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
        return true
    }

    /// - Returns: whether there were more bytes.
    private func fill() throws -> Bool {
        let old = buffer.count
        let room = 1 << 20
        buffer.append(contentsOf: repeatElement(0, count: room))
        while true {
            let count = buffer[old...].withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure("cannot read \(path): \(String(cString: strerror(errno)))") }
            buffer.removeLast(room - count)
            return count > 0
        }
    }
}
