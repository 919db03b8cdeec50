import Files
import Glibc

/// The file `head` beside the log's environment: the last durable position in decimal, twenty digits and a line feed.
///
/// It is written after each commit without a sync of its own, so it may lag behind the log but never leads it. If a log
/// ends before the position in its head file, it was emptied or rolled back. Such a log is refused.
final class HeadFile {
    private let descriptor: Int32
    let path: String

    /// Makes an empty file. It says that the log beside it is being made. A failure shows when the file is opened.
    static func create(path: String) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o640)
        if descriptor >= 0 { close(descriptor) }
    }

    /// Opens the file.
    ///
    /// - Throws: ``LogCorruption`` when it is missing or cannot be opened.
    init(path: String, readOnly: Bool = false) throws(LogCorruption) {
        self.path = path
        descriptor = open(path, (readOnly ? O_RDONLY : O_RDWR) | O_CLOEXEC)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw LogCorruption(
                position: 0, problem: "the head file \(path) cannot be opened: \(reason). \(Self.advice)")
        }
    }

    deinit { close(descriptor) }

    /// The position that the file names; `nil` while it is empty.
    ///
    /// - Throws: ``LogCorruption`` when it holds something else.
    func read() throws(LogCorruption) -> Position? {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        if count == 0 { return nil }
        let text = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
        guard let line = text.split(separator: "\n").first, let position = Position(line) else {
            throw LogCorruption(position: 0, problem: "the head file \(path) holds no position. \(Self.advice)")
        }
        return position
    }

    /// Refuses a log that ends before the position in the file. The file must be read before the log's head.
    func check(_ noted: Position?, against head: LogHead) throws(LogCorruption) {
        guard noted ?? 0 <= head.position else {
            throw LogCorruption(
                position: 0,
                problem: "it ends at position \(head.position), but \(path) names \(noted ?? 0) as durable: "
                    + "events are missing. \(Self.advice)")
        }
    }

    /// Writes a newer position. A failure is ignored, because the file may lag.
    func write(_ position: Position) {
        let digits = String(position)
        let line = String(repeating: "0", count: 20 - digits.count) + digits + "\n"
        _ = line.utf8.withContiguousStorageIfAvailable { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    /// Waits until the file and the names in its directory are on the disk. This is needed once, when a log is made.
    func sync() {
        fsync(descriptor)
        try? Directory.sync(String(path.prefix(through: path.lastIndex(of: "/")!)))
    }

    static let advice =
        "Restore a backup; if you know that the log is whole, write the position of its newest event into that file"
}
