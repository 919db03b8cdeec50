import FoundationEssentials
import Microblog
import PlainMicroblog
import PlainViews
import Projections
import Testing
import Threads

@testable import Application

/// Rebuilds beside readers and writers: nobody notices, and the result is what it would have been.
@Suite struct ConcurrentRebuildTests {
    @Test func `Nothing fails and nothing is lost while generations change`() async throws {
        let data = DataOfTest()
        try await data.open { martlet in
            let authors = try await (0..<4).asyncMap { try await martlet.register("author\($0)") }
            let isDone = Watermark(0)
            let reading = (0..<2).map { number in
                OwnedThread(name: "reader-\(number)") {
                    let reader = ViewReader(martlet.views)
                    var last: UInt64 = 0
                    while isDone.value == 0 {
                        do {
                            let position = try reader.read { views in
                                // A page reads several tables; all must be of one moment.
                                for author in authors {
                                    let count = try views.author(author)?.posts ?? 0
                                    var seen: UInt32 = 0
                                    try views.posts(by: author, before: nil) { _, _ in
                                        seen += 1
                                        return true
                                    }
                                    #expect(seen == count)
                                }
                                return try views.position()
                            }
                            #expect(position >= last)
                            last = position
                        } catch {
                            Issue.record(error)
                            return
                        }
                    }
                }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for author in authors {
                    group.addTask {
                        for number in 0..<60 {
                            let post = try await martlet.publish("post \(number)", by: author)
                            // Whoever wrote sees it, whichever generation answers.
                            #expect(try martlet.views.read { try $0.post(post) } != nil)
                        }
                    }
                }
                for _ in 0..<5 {
                    try martlet.beginRebuild()
                    await martlet.live?.rebuilder.idle()
                    let status = martlet.rebuildStatus
                    if case .done = status {} else { Issue.record("a rebuild failed: \(status)") }
                }
                try await group.waitForAll()
            }
            isDone.advance(to: 1)
            for thread in reading { thread.join() }
            await martlet.settle()
            #expect(try martlet.plainViews().differences(from: martlet.views) == [])
            #expect(martlet.views.current.number == 6)
        }
        let views = try FileManager.default.contentsOfDirectory(atPath: data.path + "/views").sorted()
        #expect(views == ["6", "current"])
    }

    @Test func `A second rebuild does not wait and is refused`() async throws {
        let data = DataOfTest()
        try await data.open { martlet in
            let author = try await martlet.register("author")
            for number in 0..<20 { _ = try await martlet.publish("post \(number)", by: author) }
            let begun = (0..<3).map { _ in (try? martlet.beginRebuild()) != nil }
            #expect(begun.first == true)
            await martlet.live?.rebuilder.idle()
            #expect(martlet.views.current.number == 1 + begun.count { $0 })
        }
    }

    @Test func `Closing ends a rebuild and keeps the old generation`() async throws {
        let data = DataOfTest()
        for round in 0..<10 {
            try await data.open { martlet in
                let author = try await martlet.register("author\(round)")
                for number in 0..<10 { _ = try await martlet.publish("post \(number)", by: author) }
                try martlet.beginRebuild()
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: data.path + "/views").count == 2)
        }
        try await data.open { martlet in
            let differences = try martlet.plainViews().differences(from: martlet.views)
            #expect(martlet.isReady)
            #expect(differences == [])
        }
    }
}

extension Sequence {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
