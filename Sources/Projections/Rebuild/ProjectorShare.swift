internal import Threads

/// The projectors on one of the two threads of a rebuild. All that it does must be asked for on that thread.
struct ProjectorShare: Sendable {
    private let projectors: [ProjectorActor]
    private let context: ProjectorContext

    /// - Parameters:
    ///   - projectors: all of one thread, in the order in which they emit.
    ///   - context: theirs.
    init(_ projectors: [ProjectorActor], _ context: ProjectorContext) {
        self.projectors = projectors
        self.context = context
    }

    /// What they build.
    var models: [ReadModel] { projectors.map(\.model) }

    /// Takes in all parts of a log, and reads parts when there is nothing to take in.
    ///
    /// - Parameters:
    ///   - taker: the number of this thread.
    ///   - read: reads and decodes the part with a number.
    ///   - taking: is told of each part, before it is taken in.
    func take(
        from parts: PartRelay<EventBatch>, as taker: Int, _ read: (Int) throws -> EventBatch,
        _ taking: (EventBatch) throws -> Void
    ) throws {
        do {
            while let turn = parts.next(for: taker) {
                switch turn {
                case .make(let number): parts.put(try read(number), at: number)
                case .take(let part):
                    try taking(part)
                    for projector in projectors { try projector.assumeIsolated { try $0.take(part) } }
                }
            }
        } catch {
            parts.close()
            throw error
        }
    }

    /// How many entries were taken in for ``emit(_:)``.
    var gathered: Int { projectors.reduce(0) { $0 + $1.assumeIsolated { $0.gathered } } }

    /// Emits the rows of one projector after the other, block by block. Then there is nothing more to help with.
    ///
    /// - Parameter write: takes a block, and how many of the ``gathered`` entries are done.
    func emit(_ write: @escaping @Sendable (RowChanges, Int) throws -> Void) throws {
        defer { context.offered.close() }
        var done = 0
        for projector in projectors {
            let before = done
            done += try projector.assumeIsolated { projector in
                let gathered = projector.gathered
                try projector.emit { try write($0, before + $1) }
                return gathered
            }
        }
    }

    /// Does look-ups that the projectors of this share are going to need, on the other thread.
    ///
    /// - Parameter waits: whether to wait for further ones until all rows are emitted.
    func help(waits: Bool) {
        while waits || context.offered.count > 0, let next = context.offered.take(limit: 1) { next[0].run() }
    }
}
