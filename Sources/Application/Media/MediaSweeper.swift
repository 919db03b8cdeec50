internal import Microblog
internal import Projections
internal import Threads

/// Removes files that no upload holds any more, on a thread of its own.
///
/// A file goes when the last upload that holds its content goes with its post. Once after the start all files are looked
/// at, for what a crash left behind; after that only those that a deletion may have set free.
final class MediaSweeper: Sendable {
    private enum Job: Sendable {
        case everything
        case these([ContentHash])
    }

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
            while let batch = jobs.take() {
                for job in batch {
                    do {
                        switch job {
                        case .everything: _ = try media.sweep(isReferenced: isReferenced)
                        case .these(let contents): _ = try media.sweep(contents, isReferenced: isReferenced)
                        }
                    } catch {
                        report("files that nothing refers to stay: \(error)")
                    }
                }
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
