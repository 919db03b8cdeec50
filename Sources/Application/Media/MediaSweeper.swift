internal import Glibc
internal import Microblog
internal import Projections
internal import Threads

/// Removes files that no upload holds any more, on a thread of its own.
///
/// A file is removed when the last upload that holds its content is removed with its post. Once after the start all
/// files are checked, because a crash may have left some. After that only those files are checked that a deletion may
/// have freed. If an upload or a backup still holds a file, removing it is tried again until it succeeds.
final class MediaSweeper: Sendable {
    private enum Job: Sendable {
        case everything
        case these([ContentHash])
    }

    /// The time between two tries to remove a file, in microseconds. ``stop()`` may take this long.
    private static let pause: UInt32 = 100_000

    private let jobs = Mailbox<Job>()
    private let thread: OwnedThread

    /// Starts the thread. It does nothing until it is asked.
    init(
        _ media: MediaStore, _ views: ViewGenerations, _ states: ProjectionStates,
        report: @escaping @Sendable (String) -> Void
    ) {
        thread = OwnedThread(name: "media-sweeper") { [jobs] in
            // If this cannot be known for sure, the file is kept.
            func isReferenced(_ content: ContentHash) -> Bool {
                guard !states.isAnyStopped, let row = try? views.read({ try $0.content(content) != nil }) else {
                    return true
                }
                return row
            }
            var putOff: [ContentHash] = []
            while true {
                if !putOff.isEmpty { usleep(MediaSweeper.pause) }
                // Files that must still wait at the end are not forgotten: the next start checks all files.
                let isIdle = !putOff.isEmpty && jobs.count == 0 && !jobs.isClosed
                guard let batch = isIdle ? [] : jobs.take() else { return }
                var left: Set<ContentHash> = []
                for job in batch + [.these(putOff)] {
                    do {
                        let swept =
                            switch job {
                            case .everything: try media.sweep(isReferenced: isReferenced)
                            case .these(let contents): try media.sweep(contents, isReferenced: isReferenced)
                            }
                        left.formUnion(swept.putOff)
                    } catch {
                        report("files that nothing refers to stay: \(error)")
                    }
                }
                putOff = Array(left)
            }
        }
    }

    /// Checks all files soon. Call it only when the read models have caught up with the log: if they do not show the
    /// event of a file yet, it looks as if nothing referred to it.
    func sweepEverything() { jobs.put(.everything) }

    /// Checks some files soon.
    func sweep(_ contents: [ContentHash]) { jobs.put(.these(contents)) }

    /// Finishes what has begun, then ends the thread. Blocks.
    func stop() {
        jobs.close()
        thread.join()
    }
}
