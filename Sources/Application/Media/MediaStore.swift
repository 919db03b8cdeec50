internal import Glibc
public import Microblog
internal import Synchronization

/// The files that people uploaded. Each is kept once and named by its content.
///
/// A file is whole and durable under its final name before ``store(_:)`` returns, and only then may an event name it. A
/// crash at any moment leaves either no file or the whole file. At worst nothing refers to the file, and a sweep
/// removes it. The data directory's lock keeps a second process out. Any thread may call it. Calls that wait for the
/// disk say so. They belong on a thread of our own, such as that of ``MediaIntake``.
public final class MediaStore: Sendable {
    let layout: MediaLayout
    let pins = MediaPins()
    private let uploads = Atomic<UInt64>(0)

    /// Opens `media` in the data directory, which must exist. Makes what is missing and removes uploads that never
    /// ended. Blocks.
    public init(dataDirectory: String) throws(MediaStoreError) {
        layout = MediaLayout(root: dataDirectory + "/media")
        try layout.prepare()
    }

    /// Names `media` in a data directory that another process may own. It serves only to open files; nothing is made or
    /// removed.
    public init(reading dataDirectory: String) { layout = MediaLayout(root: dataDirectory + "/media") }

    /// Begins an upload. Creates one file and does not sync it: an event loop may call it.
    public func begin() throws(MediaStoreError) -> MediaStaging {
        let number = uploads.add(1, ordering: .relaxed).newValue
        return try MediaStaging(path: "\(layout.incoming)/\(number)")
    }

    /// Puts an upload under its final name, durably. Blocks for two to four disk syncs.
    ///
    /// Content that is already there is not stored again. If the file under its name has another length, it is damaged,
    /// and the good one replaces it.
    ///
    /// - Returns: a pin that protects the content from the sweeper. Hold it until the command that names the content
    ///   has ended.
    /// - Throws: the system's error. Nothing is then left of the upload.
    public func store(_ staged: StagedMedia) throws(MediaStoreError) -> MediaPin {
        // This comes before the check whether the content is there. From here on it cannot be removed.
        let pin = pin(staged.content)
        let path = layout.path(of: staged.content)
        do throws(MediaStoreError) {
            if try size(of: path) == staged.size {
                staged.staging.cancel()
            } else {
                try staged.staging.sync()
                try check(.rename, path) { rename(staged.staging.path, path) }
                staged.staging.release()
                try layout.syncDirectory(layout.incoming)
            }
            // This is needed even if the file was there: the thread that renamed it may not have reached this line yet.
            try layout.syncDirectory(layout.shard(of: staged.content))
        } catch {
            staged.staging.cancel()
            throw error
        }
        return pin
    }

    /// Opens a file for reading. Touches the disk if the directory is not in the cache.
    ///
    /// - Returns: a descriptor that the caller must close, and the length in bytes; `nil` if there is no such content.
    public func open(_ content: ContentHash) throws(MediaStoreError) -> (descriptor: Int32, size: UInt64)? {
        let path = layout.path(of: content)
        do throws(MediaStoreError) {
            let descriptor = try check(.open, path) { Glibc.open(path, O_RDONLY | O_CLOEXEC) }
            var status = stat()
            if fstat(descriptor, &status) == 0 { return (descriptor, UInt64(status.st_size)) }
            let code = errno
            close(descriptor)
            throw MediaStoreError(operation: .inspect, path: path, code: code)
        } catch {
            if error.operation == .open && error.code == ENOENT { return nil }
            throw error
        }
    }

    /// Protects a content from the sweeper as long as the pin lives.
    public func pin(_ content: ContentHash) -> MediaPin {
        MediaPin(content, in: pins)
    }

    private func size(of path: String) throws(MediaStoreError) -> UInt64? {
        var status = stat()
        if stat(path, &status) == 0 { return UInt64(status.st_size) }
        if errno == ENOENT { return nil }
        throw MediaStoreError(operation: .inspect, path: path, code: errno)
    }
}
