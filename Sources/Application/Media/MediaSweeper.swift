internal import Glibc
internal import Microblog
internal import Projections
internal import Threads

/// Removes files that no upload holds any more, on a thread of its own.
///
/// A file goes when the last upload that holds its content goes with its post. Once after the start all files are
/// looked at, for what a crash left behind; after that only those that a deletion may have set free. What somebody
/// holds still, an upload that has just ended or a backup that copies, is tried again until it goes.
final class MediaSweeper: Sendable {
    private enum Job: Sendable {
        case everything
        case these([ContentHash])
    }

    /// Between two tries to remove a file, in microseconds: also how long ``stop()`` may take then.
    private static let pause: UInt32 = 100_000

    private let jobs = Mailbox<Job>()
    private let thread: OwnedThread

    /// Starts the thread; it does nothing until it is asked.
    init(
        _ media: MediaStore, _ views: ViewGenerations, _ states: ProjectionStates,
        report: @escaping @Sendable (String) -> Void
    ) {
        thread = OwnedThread(name: "media-sweeper") { [jobs] in
            // What cannot be asked for sure is kept.
            func isReferenced(_ content: ContentHash) -> Bool {
                guard !states.isAnyStopped, let row = try? views.read({ try $0.content(content) != nil }) else {
                    return true
                }
                return row
            }
            var putOff: [ContentHash] = []
            while true {
                if !putOff.isEmpty { usleep(MediaSweeper.pause) }
                // What must wait still at the end is not forgotten: the next start looks at everything.
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

    /// Looks at all files, soon. Only when the read models have caught up with the log: a file whose event they do not
    /// show yet would look as if nothing referred to it.
    func sweepEverything() { jobs.put(.everything) }

    /// Looks at some files, soon.
    func sweep(_ contents: [ContentHash]) { jobs.put(.these(contents)) }

    /// Ends what is begun, then the thread. Blocks.
    func stop() {
        jobs.close()
        thread.join()
    }
}
