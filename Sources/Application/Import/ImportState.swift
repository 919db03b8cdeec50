internal import EventLog

/// How far an import has come, and the first line that it stopped at.
struct ImportState {
    private(set) var progress = ImportProgress()
    private(set) var failure: ImportError?

    /// Whether a line before this one was refused, so that this one must not be decided.
    func hasFailed(before line: Int) -> Bool { failure.map { $0.line < line } ?? false }

    /// Notes that a line was refused. The first line of all counts, whichever was noted first.
    mutating func fail(line: Int, _ reason: String) {
        guard failure.map({ line < $0.line }) ?? true else { return }
        failure = ImportError(line: line, reason: reason)
    }

    /// Takes in what became of a line.
    mutating func note(_ result: Result<Outcome, LogError>, line: Int) {
        switch result {
        case .success(let outcome):
            if let failure, failure.line <= line { return }
            progress.lines += 1
            if case .appended = outcome { progress.events += 1 }
            if case .repeated = outcome { progress.known += 1 }
        case .failure(.idempotencyKeyReused):
            fail(
                line: line,
                "an earlier import of a file that begins alike had another line here; "
                    + "import this file under a name of its own with --name")
        case .failure(let error): fail(line: line, "\(error)")
        }
    }
}
