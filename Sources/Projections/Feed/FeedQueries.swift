internal import Bytes
internal import LMDB
public import Microblog

extension ViewSnapshot {
    /// Lends a page of an account's feed at once, see ``FeedWalk``.
    ///
    /// - Parameters:
    ///   - account: whose feed it is.
    ///   - order: by likes or by time.
    ///   - place: the page begins after it; `nil` for the beginning.
    ///   - skip: how many entries to pass over first.
    ///   - limit: how many entries the page has at most.
    ///   - body: gets the posts in order.
    /// - Returns: the place after which the next page begins, or `nil` if this is the last.
    public func feed(
        of account: AccountID, _ order: FeedOrder, after place: FeedPlace? = nil, skip: Int = 0, limit: Int,
        _ body: (PostRow) throws -> Void
    ) throws -> FeedPlace? {
        var walk = try FeedWalk(self, of: account, order, after: place, skip: skip)
        _ = try walk.pass(in: self)
        return try walk.page(of: limit, in: self, body)
    }

    /// The row that sums up an author's log, or `nil` if the log is empty.
    public func author(_ id: AccountID) throws -> AuthorRow? {
        try get(tables.feed.authors, RowKey(id.rawValue)).map { try AuthorRow($0) }
    }

    /// Lends an author's log in an order, best first, from below a place on (`nil`: from the best), until `body`
    /// answers `false`.
    func descend(
        _ order: FeedOrder, of author: AccountID, below bound: FeedPlace?,
        _ body: (FeedPlace, FeedEntry) throws -> Bool
    ) throws {
        switch order {
        case .newest:
            try descend(tables.feed.byTime, author.rawValue, before: bound?.entry) { id, value in
                try body(FeedPlace(likes: 0, entry: id), FeedEntry(id: id, value: value, table: "by_time"))
            }
        case .popular:
            let bound = bound ?? FeedPlace(likes: .max, entry: .max)
            try pages.withCursor(tables.feed.byLikes) { cursor in
                let key = RowKey(author: author, bound)
                var row = try key.withBytes { try cursor.last(before: $0) }
                while let (key, value) = row, key.count == 20, key.bigEndianUInt64(at: 0) == author.rawValue {
                    let place = FeedPlace(likes: key.bigEndianUInt32(at: 8), entry: key.bigEndianUInt64(at: 12))
                    guard try body(place, FeedEntry(id: place.entry, value: value, table: "by_likes")) else { return }
                    row = try cursor.previous()
                }
            }
        }
    }
}

extension RowKey {
    /// An entry's place in its author's log by likes: author (8), likes (4), entry (8).
    init(author: AccountID, _ place: FeedPlace) {
        self.init(author.rawValue, likes: place.likes, place.entry)
    }
}
