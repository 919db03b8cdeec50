import Synchronization

/// What one loop has done, readable from any thread.
final class LoopCounters: Sendable {
    let accepted = Counter()
    let closed = Counter()
    let requests = Counter()
    let informational = Counter()
    let successes = Counter()
    let redirections = Counter()
    let clientErrors = Counter()
    let serverErrors = Counter()
    let bodyBytes = Counter()
    let slowHeads = Counter()
    let slowBodies = Counter()
    let slowHandlers = Counter()
    let slowReaders = Counter()
    let budgetCloses = Counter()
    let evictions = Counter()
    let acceptPauses = Counter()

    /// Counts an answer by the class of its status.
    func count(status: Int) {
        switch status {
        case 200..<300: successes.add(1)
        case 300..<400: redirections.add(1)
        case 400..<500: clientErrors.add(1)
        case 500...: serverErrors.add(1)
        default: informational.add(1)
        }
    }

    /// A number that one thread raises and any may read.
    ///
    /// With a single writer a plain load and store is enough. It costs a tenth of an atomic addition.
    final class Counter: Sendable {
        private let number = Atomic<UInt64>(0)

        var value: UInt64 { number.load(ordering: .relaxed) }

        func add(_ amount: UInt64) {
            number.store(number.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
        }
    }
}
