internal import EventLog

/// How far an import has come, as its completions tell.
struct ImportState {
    private(set) var progress = ImportProgress()
    private(set) var failure: (line: Int, reason: String)?

    /// Takes in what became of a line.
    mutating func note(
        _ result: Result<Outcome, LogError>, line: Int, refused: (line: Int, reason: String)?
    ) {
        guard failure == nil else { return }
        if let refused, refused.line <= line {
            failure = refused
            return
        }
        switch result {
        case .success(.appended):
            progress.lines += 1
            progress.events += 1
        case .success(.nothing): progress.lines += 1
        case .success(.repeated):
            progress.lines += 1
            progress.known += 1
        case .failure(.idempotencyKeyReused):
            failure = (
                line,
                "an earlier import of a file that begins alike had another line here; "
                    + "import this file under a name of its own with --name"
            )
        case .failure(let error): failure = (line, "\(error)")
        }
    }
}
