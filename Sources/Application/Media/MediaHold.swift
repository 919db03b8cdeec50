internal import Glibc

/// Keeps media files from being removed while somebody copies them, across processes: a lock on `media.hold`.
///
/// Who copies shares the lock from before the position that is copied is read, to the end. Who removes a file has the
/// lock alone for that moment, and puts the removal off when it cannot have it. So every file that the position refers
/// to stays: what nothing referred to before the hold began is not needed, and nothing goes after that.
package final class MediaHold: Sendable {
    private let descriptor: Int32
    private let path: String

    /// Opens the file, and makes it if it is missing; nothing is held yet.
    package init(of layout: MediaLayout) throws(MediaStoreError) {
        path = layout.hold
        descriptor = try check(.open, layout.hold) {
            Glibc.open(layout.hold, O_RDWR | O_CREAT | O_CLOEXEC, mode_t(0o640))
        }
    }

    deinit {
        // By name, as in ``DataDirectory``: a child process may hold a copy of the descriptor.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Keeps all files in place from now on, until this object goes. Blocks while a file is being removed.
    package func share() throws(MediaStoreError) {
        try check(.lock, path) { flock(descriptor, LOCK_SH) }
    }

    /// Runs `body` while nobody copies.
    ///
    /// - Returns: what `body` returns; `nil`, without a call of it, when somebody copies.
    func unlessShared(_ body: () throws(MediaStoreError) -> Bool?) throws(MediaStoreError) -> Bool? {
        do throws(MediaStoreError) {
            try check(.lock, path) { flock(descriptor, LOCK_EX | LOCK_NB) }
        } catch {
            if error.code == EWOULDBLOCK { return nil }
            throw error
        }
        defer { flock(descriptor, LOCK_UN) }
        return try body()
    }
}
