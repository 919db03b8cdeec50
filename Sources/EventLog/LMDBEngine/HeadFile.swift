import Files
import Glibc

/// The file `head` beside the log's environment: the last durable position in decimal, twenty digits and a line feed.
///
/// It is written after each commit without a sync of its own, so it may lag behind the log but never leads it. If a log
/// ends before the position in its head file, it was emptied or rolled back. Such a log is refused.
///
/// Whoever may write the log holds the file, from before anything else is written until its end, however that comes.
/// So those who read beside it know whether they may show more than what the file names (``TailReader``). It is an open
/// file description lock. Holding it disturbs nobody, because it is shared, and asking for it takes nothing.
final class HeadFile: Sendable {
    private let descriptor: Int32
    let path: String

    /// Makes an empty file. It says that the log beside it is being made. A failure shows when the file is opened.
    static func create(path: String) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o640)
        if descriptor >= 0 { close(descriptor) }
    }

    /// Opens the file, and holds it unless it is only read.
    ///
    /// - Throws: ``LogCorruption`` when it is missing or cannot be opened or held.
    init(path: String, readOnly: Bool = false) throws(LogCorruption) {
        self.path = path
        descriptor = open(path, (readOnly ? O_RDONLY : O_RDWR) | O_CLOEXEC)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw LogCorruption(
                position: 0, problem: "the head file \(path) cannot be opened: \(reason). \(Self.advice)")
        }
        if readOnly { return }
        var hold = Self.wholeFile(F_RDLCK)
        guard fcntl(descriptor, OpenFileLock.set, &hold) == 0 else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw LogCorruption(
                position: 0,
                problem: "the head file \(path) cannot be locked: \(reason). A log needs a file system with locks")
        }
    }

    deinit { close(descriptor) }

    /// Whether somebody holds the file. If the system does not say, somebody does: then less is shown, and nothing wrong.
    var isHeld: Bool {
        var hold = Self.wholeFile(F_WRLCK)
        return fcntl(descriptor, OpenFileLock.ask, &hold) != 0 || hold.l_type != Int16(F_UNLCK)
    }

    private static func wholeFile(_ type: Int32) -> flock {
        flock(l_type: Int16(type), l_whence: Int16(SEEK_SET), l_start: 0, l_len: 0, l_pid: 0)
    }

    /// The position that the file names; `nil` while it is empty.
    ///
    /// - Throws: ``LogCorruption`` when it holds something else.
    func read() throws(LogCorruption) -> Position? {
        // A process that writes it meanwhile may have written only some of the digits. Then they change once more.
        var found = bytes()
        for _ in 0..<16 {
            let again = bytes()
            if again == found { break }
            found = again
        }
        if found?.isEmpty == true { return nil }
        let text = String(decoding: found ?? [], as: UTF8.self)
        guard let line = text.split(separator: "\n").first, let position = Position(line) else {
            throw LogCorruption(position: 0, problem: "the head file \(path) holds no position. \(Self.advice)")
        }
        return position
    }

    private func bytes() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return count < 0 ? nil : Array(bytes[..<count])
    }

    /// Refuses a log that ends before the position in the file. The file must be read before the log's head.
    func check(_ noted: Position?, against head: LogHead) throws(LogCorruption) {
        guard noted ?? 0 <= head.position else { throw leads(noted ?? 0, over: head.position) }
    }

    /// The error for a log that ends before the position in the file.
    func leads(_ noted: Position, over end: Position) -> LogCorruption {
        LogCorruption(
            position: 0,
            problem: "it ends at position \(end), but \(path) names \(noted) as durable: "
                + "events are missing. \(Self.advice)")
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

/// The commands of Linux for locks that belong to an open file, and not to a process. The C library declares them for
/// _GNU_SOURCE alone, which Swift's view of it is built without.
private enum OpenFileLock {
    static let ask: Int32 = 36
    static let set: Int32 = 37
}
