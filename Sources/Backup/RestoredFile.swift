internal import Glibc

/// An uploaded file that is written again. It is synced with all others in the end.
final class RestoredFile {
    private let path: String
    private let descriptor: Int32

    init(_ path: String) throws(BackupFileError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw .system("create", path, errno) }
    }

    deinit { close(descriptor) }

    func write(_ bytes: UnsafeRawBufferPointer) throws(BackupFileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .system("write to", path, errno) }
            rest = rest.dropFirst(count)
        }
    }
}
