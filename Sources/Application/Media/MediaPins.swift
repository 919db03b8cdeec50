internal import Glibc
public import Microblog
internal import Threads

/// Counts the holders of each content, and remembers which contents were held at any time during a sweep.
///
/// It must remember, because the sweeper first asks a read model whether a content is in use, and then removes the
/// file. In between, an upload of the same bytes may come, be published and release its pin. The answer is then out of
/// date.
final class MediaPins: Sendable {
    private struct State {
        var counts: [ContentHash: Int] = [:]
        var heldDuringSweep: Set<ContentHash>?
    }

    private let state = Guarded(State())

    func add(_ content: ContentHash) {
        state.withLock { state in
            state.counts[content, default: 0] += 1
            state.heldDuringSweep?.insert(content)
        }
    }

    func remove(_ content: ContentHash) {
        state.withLock { state in
            guard let count = state.counts[content] else { return }
            state.counts[content] = count == 1 ? nil : count - 1
        }
    }

    /// - Returns: `false` if another sweep is running.
    func beginSweep() -> Bool {
        state.withLock { state in
            guard state.heldDuringSweep == nil else { return false }
            state.heldDuringSweep = Set(state.counts.keys)
            return true
        }
    }

    func endSweep() {
        state.withLock { $0.heldDuringSweep = nil }
    }

    /// Runs the body if nobody held the content since the sweep began. Meanwhile no new pin can be made.
    ///
    /// - Returns: what the body returns; `nil` if somebody held it.
    func unlessHeld<Failure: Error>(
        _ content: ContentHash, _ body: () throws(Failure) -> Bool
    ) throws(Failure) -> Bool? {
        try state.withLock { state throws(Failure) -> Bool? in
            guard state.heldDuringSweep?.contains(content) == false else { return nil }
            return try body()
        }
    }
}

/// Protects a content from the sweeper while somebody is about to refer to it.
///
/// Hold it from before the file is in the store until the command that names it has ended: until read models show the
/// content, or the command was rejected. Dropping the last reference releases the pin. A local variable may be dropped
/// after its last use, so keep the pin in something that outlives the command, or use `withExtendedLifetime`.
public final class MediaPin: Sendable {
    /// The content that is protected.
    public let content: ContentHash
    private let pins: MediaPins

    init(_ content: ContentHash, in pins: MediaPins) {
        self.content = content
        self.pins = pins
        pins.add(content)
    }

    deinit {
        pins.remove(content)
    }
}

/// Keeps media files from being removed while somebody copies them, across processes: a lock on `media.hold`.
///
/// A copier takes the shared lock before it reads the position that it copies, and keeps it to the end. A remover takes
/// the exclusive lock while it removes a file, and tries later if it cannot get it. So every file that the position
/// refers to stays. Files that were removed before the hold began are not needed, and no file is removed after that.
package final class MediaHold: Sendable {
    private let descriptor: Int32
    private let path: String

    /// Opens the file, and makes it if it is missing. Nothing is held yet.
    package init(of layout: MediaLayout) throws(MediaStoreError) {
        path = layout.hold
        descriptor = try check(.open, layout.hold) {
            Glibc.open(layout.hold, O_RDWR | O_CREAT | O_CLOEXEC, mode_t(0o640))
        }
    }

    deinit {
        // The lock is released explicitly, as in ``DataDirectory``: a child process may hold a copy of the descriptor.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Keeps all files in place from now on, until this object is dropped. Blocks while a file is being removed.
    package func share() throws(MediaStoreError) {
        try check(.lock, path) { flock(descriptor, LOCK_SH) }
    }

    /// Runs `body` while nobody copies.
    ///
    /// - Returns: what `body` returns; `nil` when somebody copies; `body` is not called then.
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
