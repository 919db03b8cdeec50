/// The disk of our own files: one directory, flat, with the few calls that a journal needs.
///
/// It is a protocol so that tests can cut the power at any moment and fail any call. Code over it is generic, and not
/// over `any Disk`: nothing is looked up at run time on the way of a write.
public protocol Disk: Sendable {
    /// An open file.
    associatedtype File: DiskFile

    /// Opens a file.
    ///
    /// - Throws: ``FileError``; `ENOENT` where it is missing, `EEXIST` where it was to be made and is there.
    func open(_ name: String, _ mode: DiskOpening) throws(FileError) -> File

    /// The names of the files, in no order.
    func names() throws(FileError) -> [String]

    /// Takes a name away. Whoever has the file open can go on. It is for good once ``syncDirectory()`` has returned.
    func remove(_ name: String) throws(FileError)

    /// Gives a file another name, and takes that name from whatever file had it. It is for good once
    /// ``syncDirectory()`` has returned.
    func rename(_ name: String, to newName: String) throws(FileError)

    /// Waits until the names are on the disk.
    func syncDirectory() throws(FileError)

    /// How many bytes are free for this user.
    func freeRoom() throws(FileError) -> Int
}

/// What a file is opened for.
public enum DiskOpening: Sendable {
    /// Reading alone.
    case reading
    /// Reading and writing a file that is there.
    case writing
    /// Reading and writing a new file.
    case making
}

/// An open file of a ``Disk``. It is closed with its last reference.
public protocol DiskFile: AnyObject, Sendable {
    /// Writes bytes at an offset, and lengthens the file where they reach beyond its end.
    ///
    /// - Returns: how many were written, at least 1: all of them, or fewer as POSIX allows.
    /// - Throws: ``FileError`` when none was written.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) -> Int

    /// Fills `bytes` from an offset on.
    ///
    /// - Returns: how many there were: fewer than asked for only at the end of the file.
    func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int

    /// Waits until all that was written is on the disk, with what is needed to read it (`fdatasync`).
    ///
    /// After a failure nobody knows what is there: the system may have thrown the bytes away and called them clean. A
    /// second call then says nothing about them.
    func sync() throws(FileError)

    /// The size in bytes.
    func size() throws(FileError) -> Int
}

extension DiskFile {
    /// Writes all bytes.
    ///
    /// - Throws: ``FileError``; some bytes may have been written then.
    public func writeAll(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
        var done = 0
        while done < bytes.count {
            done += try write(UnsafeRawBufferPointer(rebasing: bytes[done...]), at: offset + done)
        }
    }
}
