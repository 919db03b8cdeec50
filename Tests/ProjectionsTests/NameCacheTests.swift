import LMDB
import Microblog
import PlainMicroblog
import PlainViews
import TestSupport
import Testing

@testable import Projections

/// What is remembered of names is what the accounts' rows say, at each moment.
@Suite struct NameCacheTests {
    /// From no more than a bucket to more than are needed: what is forgotten is looked up again.
    @Test(arguments: [0, 64, 1_024, 1 << 20], [0, 1, 4_096])
    func `Names are those of the moment, whatever is remembered`(memory: Int, changesAtOnce: Int) async throws {
        try await ProjectedViews.with { views in
            var history = RandomHistory(seed: 81)
            let cache = NameCache(memory: memory, changesAtOnce: changesAtOnce)
            let reader = PageReader(views.store.environment)
            var random = SplitMix64(seed: 82)
            var changes = 0
            while changes < 60 {
                let done = history.events.count
                history.grow(to: done + 1 + random.below(12))
                try await views.apply(history.events[done...])
                let accounts = history.views.accounts.keys.sorted()
                let wanted = (0..<random.below(70)).map { _ in accounts[random.below(accounts.count)] }
                try reader.read { pages in
                    let snapshot = ViewSnapshot(pages, views.store.tables, names: cache)
                    var found: [String] = []
                    try wanted.withUnsafeBufferPointer { wanted in
                        try snapshot.withNames(of: wanted) { account, name in found.append("\(account) \(text(name))") }
                    }
                    #expect(found == wanted.map { "\($0) \(json(history.views.accounts[$0]!.name.text))" })
                }
                changes = history.views.accountChanges
            }
        }
    }

    @Test func `A name that does not fit is whole all the same`() async throws {
        try await ProjectedViews.with { views in
            var events: [RecordedEvent] = []
            // With their quotes: around the room of a slot, around that of a bucket, and the longest of all.
            let lengths = Array(1...60) + [100]
            for (index, length) in lengths.enumerated() {
                let registered = AccountRegistered(
                    handle: try Handle("h\(index)"), name: try DisplayName(String(repeating: "ж", count: length)),
                    role: .member, key: nil)
                events.append(
                    RecordedEvent(
                        position: UInt64(index + 1), time: 1, issuer: .operator, event: .accountRegistered(registered)))
            }
            try await views.apply(events)
            for memory in [64, 1 << 16] {
                let cache = NameCache(memory: memory)
                let reader = PageReader(views.store.environment)
                for _ in 0..<2 {
                    try reader.read { pages in
                        let snapshot = ViewSnapshot(pages, views.store.tables, names: cache)
                        for (index, length) in lengths.enumerated() {
                            let name = try snapshot.withName(of: AccountID(UInt64(index + 1))) { text($0) }
                            #expect(name == "\"" + String(repeating: "ж", count: length) + "\"")
                        }
                    }
                }
            }
        }
    }

    @Test func `An account that is not there is damage`() async throws {
        try await ProjectedViews.with { views in
            var history = RandomHistory(seed: 83)
            history.grow(to: 20)
            try await views.apply(history.events)
            #expect(throws: ViewCorruption.self) {
                try views.store.read { try $0.withName(of: AccountID(9_999)) { text($0) } }
            }
        }
    }

    private func text(_ name: AccountName) -> String {
        var bytes = [UInt8](repeating: 0, count: name.count + AccountName.margin)
        bytes.withUnsafeMutableBufferPointer { name.write(to: $0.baseAddress!) }
        return String(decoding: bytes[..<name.count], as: UTF8.self)
    }

    private func json(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
