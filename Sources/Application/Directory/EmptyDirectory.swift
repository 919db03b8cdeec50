internal import Glibc

/// A directory that something is to be written to in one go.
enum EmptyDirectory {
    /// Makes a directory, or makes sure that there is nothing in it.
    ///
    /// - Throws: ``EmptyDirectoryError``.
    static func prepare(_ path: String) throws(EmptyDirectoryError) {
        guard mkdir(path, 0o750) != 0 else { return }
        guard errno == EEXIST else { throw .system(path, errno) }
        guard let stream = opendir(path) else { throw .system(path, errno) }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name == "." || name == ".." else { throw .notEmpty(path, name) }
        }
    }
}

/// Why nothing can be written to a directory.
public enum EmptyDirectoryError: Error, Sendable, CustomStringConvertible {
    /// Something is in it already.
    case notEmpty(String, String)
    /// The system said no.
    case system(String, Int32)

    /// One line for people, with what to do.
    public var description: String {
        switch self {
        case .notEmpty(let path, let name):
            "the directory \(path) is not empty (there is \(name)); name one that is empty or not there yet"
        case .system(let path, let code): "cannot make the directory \(path): \(String(cString: strerror(code)))"
        }
    }
}
