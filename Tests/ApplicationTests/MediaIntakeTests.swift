import Application
import Microblog
import Testing
import Threads

@Suite struct ConcurrentMediaIntakeTests {
    let directory = MediaDirectory()

    @Test func `Uploads are completed with what they are`() throws {
        let store = try MediaStore(dataDirectory: directory.path)
        let intake = MediaIntake(store: store)
        let results = Guarded<[String]>([])
        for bytes in [picture(1), [], Array("text".utf8)] {
            let staging = try store.begin()
            try staging.write(bytes)
            let isTaken = intake.submit(staging) { result in
                results.withLock { results in
                    switch result {
                    case .stored(let media): results.append("\(media.type) \(media.size)")
                    case .empty: results.append("empty")
                    case .unknownType: results.append("unknown")
                    case .failed(let error): results.append(error.description)
                    }
                }
            }
            #expect(isTaken)
        }
        intake.stop()
        #expect(results.withLock { $0 } == ["gif 1000", "empty", "unknown"])
        #expect(directory.files().count == 1)
        let late = try store.begin()
        #expect(!intake.submit(late) { _ in Issue.record("a stopped intake completed an upload") })
    }

    @Test func `A storage failure reaches the completion`() throws {
        let store = try MediaStore(dataDirectory: directory.path)
        let intake = MediaIntake(store: store)
        let staging = try store.begin()
        staging.cancel()
        let failures = Guarded(0)
        #expect(
            intake.submit(staging) { result in
                if case .failed = result { failures.withLock { $0 += 1 } }
            })
        intake.stop()
        #expect(failures.withLock { $0 } == 1)
    }
}

@Suite struct ConcurrentMediaStoreTests {
    let directory = MediaDirectory()

    @Test func `The same files from four threads are kept once each`() throws {
        let store = try MediaStore(dataDirectory: directory.path)
        let contents = Guarded<[[ContentHash]]>([])
        let threads = (0..<4).map { _ in
            OwnedThread(name: "uploader") {
                let mine = (0..<10).compactMap { try? store.keep(picture($0, size: 5_000)).content }
                contents.withLock { $0.append(mine) }
            }
        }
        for thread in threads { thread.join() }
        let all = contents.withLock { $0 }
        #expect(Set(all).count == 1)
        #expect(all[0].count == 10)
        #expect(directory.files().count == 10)
        for (number, content) in all[0].enumerated() {
            #expect(try store.read(content) == picture(number, size: 5_000))
        }
    }

    @Test func `A sweep never takes a file between its upload and its first reference`() throws {
        let store = try MediaStore(dataDirectory: directory.path)
        let published = Guarded<Set<ContentHash>>([])
        let isDone = Guarded(false)
        let sweeper = OwnedThread(name: "sweeper") {
            while !isDone.withLock({ $0 }) {
                _ = try? store.sweep { content in published.withLock { $0.contains(content) } }
            }
        }
        let uploaders = (0..<2).map { uploader in
            OwnedThread(name: "uploader") {
                for number in 0..<20 {
                    // Both upload the same pictures, so each is there, unreferenced, or just removed for the other.
                    guard let pin = try? store.keep(picture(number)) else {
                        Issue.record("uploader \(uploader) could not store picture \(number)")
                        continue
                    }
                    withExtendedLifetime(pin) {
                        #expect((try? store.read(pin.content)) == picture(number))
                        if number % 2 == 0 { published.withLock { _ = $0.insert(pin.content) } }
                    }
                }
            }
        }
        for uploader in uploaders { uploader.join() }
        isDone.withLock { $0 = true }
        sweeper.join()
        _ = try store.sweep { content in published.withLock { $0.contains(content) } }
        #expect(directory.files().count == 10)
        for content in published.withLock({ $0 }) { #expect(try store.read(content) != nil) }
    }
}
