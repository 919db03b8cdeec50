import Glibc
import LMDB
import Microblog
import PlainViews
import TestSupport
import Testing

@testable import Projections

/// Whatever is wrong in the file of views, a query ends with an answer or with an error.
@Suite struct DamagedViewsTests {
    @Test func `No damage ends the process`() async throws {
        var history = RandomHistory(seed: 40)
        history.grow(to: 1_500)
        let events = history.events
        try await ProjectedViews.with { views in
            try await views.apply(events)
            let file = open(views.directory.path + "/data.mdb", O_RDWR)
            defer { close(file) }
            let pages = try views.store.environment.usedBytes() / 4096
            var whole = [UInt8](repeating: 0, count: pages * 4096)
            try #require(pread(file, &whole, whole.count, 0) == whole.count)
            let answers = try queries(views.store)
            var random = SplitMix64(seed: 41)
            var (same, other, refused) = (0, 0, 0)
            for _ in 0..<600 {
                let page = 2 + Int(random.next() % UInt64(pages - 2))
                let before = Array(whole[(page * 4096)..<((page + 1) * 4096)])
                var bytes = before
                for _ in 0...(random.next() % 3) {
                    // Half of the damage is where a page says what it holds.
                    let place = random.next() % (random.next() % 2 == 0 ? 128 : 4096)
                    bytes[Int(place)] ^= 1 << (random.next() % 8)
                }
                try #require(pwrite(file, bytes, bytes.count, off_t(page * 4096)) == bytes.count)
                do {
                    if try queries(views.store) == answers { same += 1 } else { other += 1 }
                } catch {
                    refused += 1
                }
                try #require(pwrite(file, before, before.count, off_t(page * 4096)) == before.count)
            }
            #expect(same > 50 && refused > 50, "\(same) the same, \(other) others, \(refused) refused")
            #expect(try queries(views.store) == answers)
        }
    }

    /// A number for what a range of queries answers.
    private func queries(_ store: ViewStore) throws -> Int {
        var hasher = Hasher()
        for digest in try store.digests().digests { hasher.combine(digest.hash) }
        try store.read { snapshot in
            for id in 1...40 as ClosedRange<UInt64> {
                for order in [FeedOrder.popular, .newest] {
                    _ = try snapshot.feed(of: AccountID(id), order, limit: 20) { post in
                        hasher.combine(bytes: post.text)
                        for index in 0..<post.attachmentCount { _ = try post.attachment(at: index) }
                        try snapshot.likes(of: post.id) { _, account in
                            try snapshot.withName(of: account) { hasher.combine($0.count) }
                            return true
                        }
                    }
                }
                try snapshot.followers(of: AccountID(id)) { _, account in
                    try snapshot.withName(of: account) { hasher.combine($0.count) }
                    return true
                }
                hasher.combine(try snapshot.account(AccountID(id))?.id.rawValue)
                hasher.combine(try snapshot.followCounts(AccountID(id)).followers)
            }
        }
        return hasher.finalize()
    }
}
