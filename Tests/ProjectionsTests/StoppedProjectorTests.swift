import Microblog
import PlainMicroblog
import PlainViews
import Testing

@testable import Projections

/// A projector that meets an event it cannot apply stops where it is and says so; the others go on.
@Suite struct StoppedProjectorTests {
    /// Twenty events, then one that the rules would never let happen, then twenty more.
    private func events(_ impossible: Event, by issuer: Issuer? = nil) -> [RecordedEvent] {
        var history = RandomHistory(seed: 70)
        history.grow(to: 40)
        var events = history.events
        let actor = issuer ?? .account(history.views.accounts.keys.min()!)
        let place = Self.place(in: events)
        events[place] = RecordedEvent(
            position: events[place].position, time: events[place].time, issuer: actor, event: impossible)
        return events
    }

    /// Whether a post is there at the end: of one that is deleted nothing is asked.
    private static func stays(_ post: PostID, in events: [RecordedEvent]) -> Bool {
        !events.contains { $0.event == .postDeleted(PostDeleted(post)) }
    }

    /// The place of a like that is not taken back, so that no later event misses what was there.
    private static func place(in events: [RecordedEvent]) -> Int {
        events.indices.last { index in
            guard case .postLiked(let liked) = events[index].event, stays(liked.post, in: events) else { return false }
            let unlike = Event.postUnliked(PostUnliked(liked.post))
            return !events[index...].contains { $0.event == unlike && $0.issuer == events[index].issuer }
        }!
    }

    private func stop(_ events: [RecordedEvent], batch: Int, threads: Int) async throws -> [ProjectionStates.Stopped] {
        try await ProjectedViews.with(threads: threads) { views in
            for start in stride(from: 0, to: events.count, by: batch) {
                try await views.apply(events[start..<min(start + batch, events.count)])
            }
            let stopped = views.states.all
            for model in ReadModel.allCases {
                let row = try views.store.read { snapshot in
                    try snapshot.get(snapshot.tables.checkpoints, RowKey(ascii: model.name)).map { try Checkpoint($0) }
                }
                let last = stopped.first { $0.model == model }?.position ?? UInt64(events.count)
                // One that stopped in the first batch never had a checkpoint.
                #expect(row?.position ?? 0 == last, "\(model)")
                #expect(views.states.isStopped(model) == (last < events.count))
            }
            #expect(try views.store.read { try $0.position() } == UInt64(events.count))
            return stopped
        }
    }

    @Test(arguments: [1, 7, 40], [1, 2])
    func `An unknown file stops media and posts alone`(batch: Int, threads: Int) async throws {
        // To a post that is there at that time: an event about one that is gone would change nothing.
        var history = RandomHistory(seed: 70)
        history.grow(to: 40)
        let place = Self.place(in: history.events)
        guard case .postLiked(let liked) = history.events[place].event else { return }
        let post = liked.post
        let events = events(.mediaAttached(MediaAttached(MediaID(9_999), to: post)))
        let stopped = try await stop(events, batch: batch, threads: threads)
        #expect(stopped.map(\.model) == [.media, .posts])
        let batchStart = UInt64(place / batch * batch)
        #expect(stopped.map(\.position) == [batchStart, batchStart])
        #expect(stopped[0].reason == "event \(place + 1): media 9999 was never uploaded")
        #expect(stopped[0].description.hasPrefix("read model media stopped at position \(batchStart): event"))
    }

    /// Nobody, and the id of something else: of a post.
    private static let strangers: [(isPost: Bool, batch: Int, threads: Int)] = [
        (false, 5, 1), (false, 1, 2), (false, 40, 1), (true, 1, 1), (true, 7, 2), (true, 40, 1),
    ]

    @Test(arguments: strangers)
    func `A like by an account that was never registered stops likes alone`(
        _ stranger: (isPost: Bool, batch: Int, threads: Int)
    ) async throws {
        try await stop(only: .likes, stranger) { account, post in (.postLiked(PostLiked(post)), by: account) }
    }

    @Test(arguments: strangers)
    func `A follow by an account that was never registered stops follows alone`(
        _ stranger: (isPost: Bool, batch: Int, threads: Int)
    ) async throws {
        try await stop(only: .follows, stranger) { account, _ in
            (.accountFollowed(AccountFollowed(registered)), by: account)
        }
    }

    @Test(arguments: strangers)
    func `A follow of an account that was never registered stops follows alone`(
        _ stranger: (isPost: Bool, batch: Int, threads: Int)
    ) async throws {
        try await stop(only: .follows, stranger) { account, _ in
            (.accountFollowed(AccountFollowed(account)), by: registered)
        }
    }

    @Test(arguments: strangers)
    func `A post by an account that was never registered stops posts alone`(
        _ stranger: (isPost: Bool, batch: Int, threads: Int)
    ) async throws {
        try await stop(only: .posts, stranger) { account, _ in
            (.postPublished(PostPublished(text: "hello", replyTo: nil, media: [])), by: account)
        }
    }

    private var registered: AccountID {
        var history = RandomHistory(seed: 70)
        history.grow(to: 40)
        return history.views.accounts.keys.min()!
    }

    /// Expects that one read model alone stops at an event of a stranger, and says who that is.
    private func stop(
        only model: ReadModel, _ stranger: (isPost: Bool, batch: Int, threads: Int),
        at event: (AccountID, PostID) -> (event: Event, by: AccountID)
    ) async throws {
        let known = events(.postLiked(PostLiked(PostID(1))))
        let post = known.first {
            $0.event.type == PostPublished.type && Self.stays(PostID($0.position), in: known)
        }!.position
        let account = AccountID(stranger.isPost ? post : 777)
        let (impossible, issuer) = event(account, PostID(post))
        let events = events(impossible, by: .account(issuer))
        let place = events.firstIndex { $0.event == impossible && $0.issuer == .account(issuer) }!
        let stopped = try await stop(events, batch: stranger.batch, threads: stranger.threads)
        #expect(stopped.map(\.model) == [model])
        #expect(stopped.first?.position == UInt64(place / stranger.batch * stranger.batch))
        #expect(stopped.first?.reason == "event \(place + 1): account \(account) was never registered")
    }

    @Test func `A like taken back that never was stops posts alone`() async throws {
        var history = RandomHistory(seed: 70)
        history.grow(to: 30)
        let (author, post) = history.views.accounts.keys.lazy
            .compactMap { id in history.views.posts(by: id).first.map { (id, $0) } }.first!
        for _ in 0..<20 { history.append(.postUnliked(PostUnliked(post)), by: .account(author)) }
        let stopped = try await stop(history.events, batch: 50, threads: 1)
        #expect(stopped.map(\.model) == [.posts])
        #expect(stopped.first?.reason.hasSuffix("post \(post) has no like that could be taken back") == true)
    }

    @Test func `The first reason stays`() async throws {
        var history = RandomHistory(seed: 71)
        history.grow(to: 60)
        try await ProjectedViews.with { views in
            try await views.apply(history.events[..<30])
            views.states.stop(.accounts, at: 30, because: "a test")
            try await views.apply(history.events[30...])
            #expect(views.states.all.map(\.model) == [.accounts])
            #expect(views.states.all[0].position == 30)
            views.states.stop(.accounts, at: 60, because: "another")
            #expect(views.states.all[0].reason == "a test")
        }
    }

    @Test func `The others go on as if nothing had happened`() async throws {
        var history = RandomHistory(seed: 72)
        history.grow(to: 200)
        let whole = try await ProjectedViews.digests(of: history.events) { _ in 50 }
        let rest = try await ProjectedViews.with { views in
            views.states.stop(.media, at: 0, because: "a test")
            try await views.apply(history.events)
            return try views.digests()
        }
        for (name, index) in [("accounts", 0), ("posts", 2), ("likes", 3), ("follows", 4)] {
            #expect(rest[index] == whole[index], "\(name)")
        }
        #expect(rest[1].hasPrefix("media 0 "))
    }
}
