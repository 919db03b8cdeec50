internal import Glibc

/// A file without a name that holds sorted runs, one after the other.
///
/// Its name is removed as soon as it is open. So nothing is left of it, however the process ends.
final class SpillFile {
    private let descriptor: Int32
    private let directory: String
    private(set) var size = 0

    /// - Throws: ``SortingError`` when the file cannot be made in the directory.
    init(directory: String) throws(SortingError) {
        self.directory = directory
        var path = Array((directory + "/spill-XXXXXX").utf8CString)
        descriptor = mkstemp(&path)
        guard descriptor >= 0 else { throw SortingError("make a temporary file in", directory, errno) }
        unlink(path)
    }

    deinit { close(descriptor) }

    /// Adds bytes at the end.
    func append(_ bytes: UnsafeRawBufferPointer) throws(SortingError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw SortingError("write a temporary file in", directory, errno) }
            rest = rest.dropFirst(count)
            size += count
        }
    }

    /// Fills `bytes` from an offset on.
    func read(at offset: Int, into bytes: UnsafeMutableRawBufferPointer) throws(SortingError) {
        var done = 0
        while done < bytes.count {
            let count = pread(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw SortingError("read a temporary file in", directory, count == 0 ? EIO : errno) }
            done += count
        }
    }
}

/// A temporary file could not be used. Most often the disk is full.
public struct SortingError: Error, Sendable, CustomStringConvertible {
    /// One line for people.
    public let description: String

    init(_ action: String, _ path: String, _ code: Int32) {
        description = "cannot \(action) \(path): \(String(cString: strerror(code)))"
    }
}

/// One sorted run in a spill file, read in pieces.
struct SortedRun {
    private let file: SpillFile
    private var offset: Int
    private let end: Int
    private var buffer: UnsafeMutableBufferPointer<SortEntry>
    private var place = 0
    private var filled = 0

    /// - Parameter buffer: the memory for the pieces. The caller lends it as long as the run is read.
    init(_ file: SpillFile, _ range: Range<Int>, _ buffer: UnsafeMutableBufferPointer<SortEntry>) {
        self.file = file
        offset = range.lowerBound
        end = range.upperBound
        self.buffer = buffer
    }

    /// The next entry, or `nil` at the run's end.
    @inline(__always)
    mutating func next() throws(SortingError) -> SortEntry? {
        if place == filled {
            try fill()
            if filled == 0 { return nil }
        }
        defer { place += 1 }
        return buffer[place]
    }

    private mutating func fill() throws(SortingError) {
        let size = min(end - offset, buffer.count * MemoryLayout<SortEntry>.stride)
        try file.read(at: offset, into: UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: size))
        offset += size
        filled = size / MemoryLayout<SortEntry>.stride
        place = 0
    }
}
