internal import Glibc

/// A directory of the system as a ``Disk``.
public struct SystemDisk: Disk {
    /// The path of the directory.
    public let directory: String

    /// Takes a directory that is there.
    public init(directory: String) { self.directory = directory }

    public func open(_ name: String, _ mode: DiskOpening) throws(FileError) -> File {
        let path = directory + "/" + name
        let flags =
            switch mode {
            case .reading: O_RDONLY
            case .writing: O_RDWR
            case .making: O_RDWR | O_CREAT | O_EXCL
            }
        let descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw FileError(mode == .making ? "create" : "open", path, code: errno) }
        return File(descriptor: descriptor, path: path)
    }

    public func names() throws(FileError) -> [String] { try Directory.names(in: directory) }

    public func remove(_ name: String) throws(FileError) {
        guard unlink(directory + "/" + name) == 0 else {
            throw FileError("remove", directory + "/" + name, code: errno)
        }
    }

    public func rename(_ name: String, to newName: String) throws(FileError) {
        guard Glibc.rename(directory + "/" + name, directory + "/" + newName) == 0 else {
            throw FileError("rename", directory + "/" + name, code: errno)
        }
    }

    public func syncDirectory() throws(FileError) { try Directory.sync(directory) }

    public func freeRoom() throws(FileError) -> Int {
        var status = statvfs()
        guard statvfs(directory, &status) == 0 else {
            throw FileError("ask for the free room of", directory, code: errno)
        }
        // What only root may use is not counted.
        return Int(status.f_bavail) * Int(status.f_frsize)
    }

    /// A file of the system.
    public final class File: DiskFile {
        private let descriptor: Int32
        private let path: String

        init(descriptor: Int32, path: String) {
            self.descriptor = descriptor
            self.path = path
        }

        deinit { close(descriptor) }

        public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) -> Int {
            while true {
                let count = pwrite(descriptor, bytes.baseAddress, bytes.count, off_t(offset))
                if count > 0 { return count }
                if count < 0 && errno == EINTR { continue }
                throw FileError("write", path, code: count == 0 ? EIO : errno)
            }
        }

        public func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int {
            var done = 0
            while done < bytes.count {
                let count = pread(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
                if count < 0 && errno == EINTR { continue }
                guard count >= 0 else { throw FileError("read", path, code: errno) }
                if count == 0 { break }
                done += count
            }
            return done
        }

        public func sync() throws(FileError) {
            guard fdatasync(descriptor) == 0 else { throw FileError("sync", path, code: errno) }
        }

        public func size() throws(FileError) -> Int {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw FileError("ask for the size of", path, code: errno) }
            return Int(status.st_size)
        }
    }
}
