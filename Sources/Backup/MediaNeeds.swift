internal import Application
internal import EventLog
internal import Microblog

/// Which files a log refers to at a position: the files that were uploaded and not removed with a post.
///
/// Takes the records one by one. Its memory grows with the uploads that are held, not with the log.
struct MediaNeeds {
    /// A content, how many uploads hold it, and its size according to the first upload.
    private struct Content {
        let hash: ContentHash
        let size: UInt64
        var holders = 0
    }

    private var contents: [Content] = []
    private var indices: [ContentHash: Int] = [:]
    private var uploads: [MediaID: Int] = [:]
    private var onPosts: [PostID: [MediaID]] = [:]

    /// Takes the next record in.
    ///
    /// - Throws: what decoding throws for an event that a newer program wrote.
    mutating func take(_ record: RecordView) throws {
        switch try Event(withoutPersonal: record) {
        case .mediaUploaded(let file):
            let index = indices[file.content] ?? contents.count
            if index == contents.count {
                contents.append(Content(hash: file.content, size: file.size))
                indices[file.content] = index
            }
            contents[index].holders += 1
            uploads[MediaID(record.position)] = index
        case .postPublished(let post): if !post.media.isEmpty { onPosts[PostID(record.position)] = post.media }
        case .mediaAttached(let attached): onPosts[attached.post, default: []].append(attached.media)
        case .postDeleted(let deleted):
            for media in onPosts.removeValue(forKey: deleted.post) ?? [] {
                if let index = uploads.removeValue(forKey: media) { contents[index].holders -= 1 }
            }
        case .accountRegistered, .accountChanged, .keyIssued, .keyRevoked, .postLiked, .postUnliked, .postPinned,
            .postUnpinned, .accountFollowed, .accountUnfollowed:
            break
        }
    }

    /// The contents that are referred to, in the order in which they were first uploaded.
    var needed: [(content: ContentHash, size: UInt64)] {
        contents.filter { $0.holders > 0 }.map { ($0.hash, $0.size) }
    }

    /// Whether a content is referred to.
    func isNeeded(_ content: ContentHash) -> Bool { indices[content].map { contents[$0].holders > 0 } ?? false }

    /// What refers to a content: its uploads, and the posts that they are on. This is for messages; it goes through all
    /// uploads.
    func holders(of content: ContentHash) -> String {
        let media = uploads.filter { contents[$0.value].hash == content }.keys.sorted()
        return media.map { id in
            let post = onPosts.first { $0.value.contains(id) }?.key
            return "media/\(id)" + (post.map { " on post/\($0)" } ?? "")
        }.joined(separator: ", ")
    }
}
