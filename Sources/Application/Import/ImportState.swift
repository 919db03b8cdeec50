internal import EventLog
internal import Microblog

/// The meaning of the names in a file.
final class ImportReferences: @unchecked Sendable {
    // because it is touched on the log writer's thread alone, in the order of the lines, until the import
    // has ended.
    var accounts: [String: AccountID] = [:]
    var posts: [String: PostID] = [:]
    var media: [String: MediaID] = [:]
    /// How many commands got into the log without a gap, this time or earlier. What follows a gap is refused.
    private(set) var count = 0

    func account(_ name: String) throws(ImportProblem) -> AccountID {
        guard let id = accounts[name] else { throw ImportProblem("no earlier line registers \"\(name)\"") }
        return id
    }

    func post(_ name: String) throws(ImportProblem) -> PostID {
        guard let id = posts[name] else { throw ImportProblem("no earlier line posts \"\(name)\"") }
        return id
    }

    func mediaID(_ name: String) throws(ImportProblem) -> MediaID {
        guard let id = media[name] else { throw ImportProblem("no earlier line uploads \"\(name)\"") }
        return id
    }

    /// Notes that a command got into the log, and what it created.
    ///
    /// - Parameters:
    ///   - ordinal: the number of the command, from 1.
    ///   - position: the position of its event; `nil` if the state was already as it wanted.
    func learn(_ line: ImportLine, _ ordinal: Int, _ position: UInt64?) {
        guard ordinal == count + 1 else { return }
        count = ordinal
        guard let position else { return }
        switch line.action {
        case .register: accounts[line.user] = AccountID(position)
        case .post: if let name = line.post { posts[name] = PostID(position) }
        case .media: if let name = line.mediaName { media[name] = MediaID(position) }
        default: break
        }
    }
}

/// How far an import has come, and the first line where it stopped.
struct ImportState {
    private(set) var progress = ImportProgress()
    private(set) var failure: ImportError?

    /// Whether an earlier line was refused, so that this line must not be decided.
    func hasFailed(before line: Int) -> Bool { failure.map { $0.line < line } ?? false }

    /// Notes that a line was refused. The earliest line counts, in whatever order they are noted.
    mutating func fail(line: Int, _ reason: String) {
        guard failure.map({ line < $0.line }) ?? true else { return }
        failure = ImportError(line: line, reason: reason)
    }

    /// Takes in the outcome of a line.
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
