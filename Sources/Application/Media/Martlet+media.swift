public import Microblog

/// The door for uploaded files.
extension Martlet {
    /// Opens a file for reading. Touches the disk if the directory is not in the cache.
    ///
    /// - Returns: a descriptor that the caller must close, and the length in bytes; `nil` if there is no such content.
    public func openMedia(_ content: ContentHash) throws(MediaStoreError) -> (descriptor: Int32, size: UInt64)? {
        try media.open(content)
    }

    /// Begins an upload. Creates one file and does not sync it: an event loop may call it.
    public func beginUpload() throws(MediaStoreError) -> MediaStaging { try media.begin() }

    /// Makes an upload durable whose bytes have all come, off the caller's thread. Never blocks.
    ///
    /// - Parameter completion: called once, on a thread that it must not block.
    /// - Returns: whether it was taken; `false` when too many wait or the end has begun. The upload is then still the
    ///   caller's, and `completion` is not called.
    public func finishUpload(
        _ staging: MediaStaging, completion: @escaping @Sendable (MediaIntakeResult) -> Void
    ) -> Bool {
        intake.submit(staging, completion: completion)
    }
}
