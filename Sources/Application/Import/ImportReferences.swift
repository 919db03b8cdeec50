internal import Microblog

/// What the names in a file stand for.
final class ImportReferences: @unchecked Sendable {
    // @unchecked because it is touched on the log writer's thread alone, in the order of the lines, until the import has
    // ended.
    var accounts: [String: AccountID] = [:]
    var posts: [String: PostID] = [:]
    var media: [String: MediaID] = [:]
    /// The first line that was refused, and why. No later line is decided.
    var failure: (line: Int, reason: String)?

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

    /// Notes what a line created.
    func learn(_ line: ImportLine, _ position: UInt64) {
        switch line.action {
        case .register: accounts[line.user] = AccountID(position)
        case .post: if let name = line.post { posts[name] = PostID(position) }
        case .media: if let name = try? line.mediaName() { media[name] = MediaID(position) }
        default: break
        }
    }
}
