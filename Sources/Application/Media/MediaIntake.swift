public import Microblog
internal import Threads

/// The thread on which uploads become durable, so that no event loop waits for a disk.
///
/// Files are handled one after another. Their syncs share one disk, so in parallel they would only wait for each other.
public final class MediaIntake: Sendable {
    private struct Job: Sendable {
        let staging: MediaStaging
        let completion: @Sendable (MediaIntakeResult) -> Void
    }

    private let jobs = Mailbox<Job>()
    private let thread: OwnedThread
    private let limit: Int

    /// Starts the thread.
    ///
    /// - Parameter limit: how many ended uploads may wait. Beyond that, ``submit(_:completion:)`` refuses.
    public init(store: MediaStore, limit: Int = 256) {
        self.limit = limit
        thread = OwnedThread(name: "media-intake") { [jobs] in
            while let batch = jobs.take(limit: 1) {
                for job in batch { job.completion(MediaIntake.take(job.staging, into: store)) }
            }
        }
    }

    /// Hands over an upload whose bytes have all come. Never blocks.
    ///
    /// - Parameter completion: called once, on the intake's thread; it must not block.
    /// - Returns: whether it was accepted. It is not when too many wait or the intake has stopped. Then the upload
    ///   still belongs to the caller, and `completion` is not called.
    public func submit(
        _ staging: MediaStaging, completion: @escaping @Sendable (MediaIntakeResult) -> Void
    ) -> Bool {
        jobs.put(Job(staging: staging, completion: completion), limit: limit)
    }

    /// Completes the accepted uploads, then ends the thread. Blocks.
    public func stop() {
        jobs.close()
        thread.join()
    }

    private static func take(_ staging: MediaStaging, into store: MediaStore) -> MediaIntakeResult {
        do throws(MediaStoreError) {
            let staged = try staging.finish()
            guard staged.size > 0 else {
                staging.cancel()
                return .empty
            }
            guard let type = staged.type else {
                staging.cancel()
                return .unknownType
            }
            return .stored(StoredMedia(pin: try store.store(staged), type: type, size: staged.size))
        } catch {
            return .failed(error)
        }
    }
}

/// The outcome of an upload.
public enum MediaIntakeResult: Sendable {
    /// It is in the store, durably; an event may name it.
    case stored(StoredMedia)

    /// It had no bytes. Nothing is left of it.
    case empty

    /// Its type is not accepted. Nothing is left of it.
    case unknownType

    /// It could not be stored now. Nothing is left of it.
    case failed(MediaStoreError)
}

/// A file in the store. The store keeps it while this value lives.
public struct StoredMedia: Sendable {
    /// Keeps the sweeper away until the command that names the content has ended.
    public let pin: MediaPin

    /// Its type, by its content.
    public let type: MediaType

    /// How many bytes it has.
    public let size: UInt64

    /// The SHA-256 of its bytes.
    public var content: ContentHash { pin.content }
}
