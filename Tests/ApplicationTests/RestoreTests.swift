import EventLog
import FoundationEssentials
import Glibc
import Microblog
import Projections
import Testing

@testable import Application
@testable import Backup

/// What is restored, and what is refused before anything is written. One after the other, since they wait for the disk.
@Suite(.serialized) struct RestoreTests {
    /// What a restore says, which must leave nothing.
    private func refusal(_ community: BackedUpCommunity, _ change: (inout Restore) -> Void = { _ in }) -> (any Error)? {
        do {
            try community.restore(change)
            Issue.record("it was restored")
            return nil
        } catch {
            #expect(!community.isThere(community.restored), "\(error)")
            return error
        }
    }

    @Test(arguments: [(withViews: false, step: 1), (withViews: true, step: 13)])
    func `A backup with any byte changed is refused with the place`(withViews: Bool, step: Int) async throws {
        let community = try await BackedUpCommunity.make()
        try community.backUp { $0.withViews = withViews }
        let whole = try community.bytes
        for index in stride(from: 0, to: whole.count, by: step) {
            // Other tests want the thread too.
            if index.isMultiple(of: 16) { await Task.yield() }
            var bytes = whole
            bytes[index] ^= index.isMultiple(of: 2) ? 1 : 0x80
            try community.replace(by: bytes)
            switch refusal(community) as? BackupFileError {
            case .altered(_, let from, let to, _): #expect(from <= index && index < to)
            case .cutOff(_, _, let start): #expect(start <= index && index < start + 12)
            case .noBackup: #expect(index < 14)
            case .format: #expect(14...15 ~= index)
            case let other: Issue.record("byte \(index): \(String(describing: other))")
            }
        }
    }

    @Test func `A backup that was cut off or lengthened is refused`() async throws {
        let community = try await BackedUpCommunity.make()
        try community.backUp()
        let whole = try community.bytes
        for size in Array(0..<300) + Array(stride(from: 300, to: whole.count, by: 7)) + [whole.count - 1] {
            if size.isMultiple(of: 16) { await Task.yield() }
            try community.replace(by: whole.prefix(size))
            switch refusal(community) as? BackupFileError {
            case .cutOff(_, UInt64(size), let start): #expect(start <= size)
            case .noBackup: #expect(size < 14)
            case let other: Issue.record("\(size) bytes: \(String(describing: other))")
            }
        }
        try community.replace(by: whole + [0])
        let long = BackupFileError.tooLong(
            community.file, end: UInt64(whole.count), size: UInt64(whole.count) + 1)
        #expect(refusal(community) as? BackupFileError == long)
        try community.replace(by: whole + whole)
        #expect(refusal(community) as? BackupFileError != nil)
        try community.replace(by: Array("no backup at all, but longer than its first bytes".utf8))
        #expect(refusal(community) as? BackupFileError == .noBackup(community.file))
        try community.replace(by: whole)
        try community.restore()
    }

    @Test func `What contradicts itself is refused though all hashes are good`() async throws {
        let community = try await BackedUpCommunity.make()
        try community.backUp()
        let parts = try BackupFileReader(community.file).parts()
        #expect(parts.map(\.tag) == [.header, .answers, .events, .media, .media, .end])
        func refused(_ change: (inout [BackupFileReader.WholePart]) -> Void) throws -> String {
            unlink(community.file)
            var changed = parts
            change(&changed)
            let writer = try BackupFileWriter(community.file)
            for part in changed { try writer.add(part.tag, part.contents) }
            try writer.finish()
            let error = refusal(community) as? BackupFileError
            if case .contradiction(_, _, let problem)? = error { return problem }
            return "\(String(describing: error))"
        }
        func set(_ index: Int, _ contents: [UInt8]) -> (inout [BackupFileReader.WholePart]) -> Void {
            { $0[index] = .init(tag: parts[index].tag, contents: contents) }
        }
        func flip(_ index: Int, _ byte: Int) -> (inout [BackupFileReader.WholePart]) -> Void {
            var contents = parts[index].contents
            contents[byte < 0 ? contents.count + byte : byte] ^= 1
            return set(index, contents)
        }
        #expect(try refused(flip(0, 7)).contains("the records end at position 13, not at 12"))
        #expect(try refused(flip(0, 40)).contains("hash chain"))
        #expect(try refused(flip(0, 20)).contains("hash chain"), "another identity")
        #expect(try refused(flip(2, 40)).contains("damaged at position 1"))
        #expect(try refused(flip(2, 7)).contains("come where 1 is expected"))
        #expect(try refused(flip(2, 11)).contains("are left"))
        #expect(try refused(flip(3, -1)).contains("SHA-256"))
        #expect(try refused(flip(5, 7)).contains("was written"))
        #expect(try refused { $0.remove(at: 4) }.contains("was written"))
        #expect(try refused { $0.remove(at: 1) }.contains("was written"))
        #expect(try refused { $0[4] = $0[3] }.contains("there already"))
        #expect(try refused { $0.remove(at: 2) }.contains("the records end at position 0"))
        #expect(try refused { $0.insert($0[2], at: 3) }.contains("come where 14 is expected"))
        #expect(try refused { $0.removeLast() }.contains("cut off"))
        #expect(try refused { $0.swapAt(1, 2) }.contains("is damaged"))
        #expect(try refused { $0.removeFirst() }.contains("is damaged"))
        #expect(try refused { $0.insert($0[0], at: 1) }.contains("is damaged"))
        #expect(try refused(set(0, Array(parts[0].contents.dropLast()))).contains("are left"))
        #expect(try refused(set(0, parts[0].contents + [0])).contains("left over"))
        #expect(try refused(set(1, Array(parts[1].contents.dropLast()))).contains("are left"))
        let stranger = sha256([1, 2, 3]) + [1, 2, 3]
        let isUnknown = try refused { parts in
            parts.insert(.init(tag: .media, contents: stranger), at: 4)
        }
        #expect(isUnknown.contains("is not needed"))
    }

    @Test func `Every earlier position is as a server that stopped there`() async throws {
        let community = try await BackedUpCommunity.make()
        try community.backUp { $0.withViews = true }
        let identity = try LogIdentity(community.data.path).identity()
        let deleted = try #require(community.deleted)
        for position in 1...UInt64(community.events.count) {
            let report = try community.restore { $0.until = .position(position) }
            let isWhole = position == UInt64(community.events.count)
            #expect(report.position == position)
            #expect(try community.restoredEvents() == Array(community.events.prefix(Int(position))))
            let own = try LogIdentity(community.restored).identity()
            #expect((own == identity) == isWhole)
            #expect(try LogIdentity(community.restored).chain() == report.chain)
            #expect(report.answers == (isWhole ? 2 : 0))
            #expect((report.views == nil) == !isWhole)
            // The file of the deleted post is not in the backup, also where the post was there still.
            #expect(report.missing == (deleted.upload...deleted.deletion - 1 ~= position ? 1 : 0))
            let digests = try await community.restoredDigests()
            #expect(digests == community.digests[Int(position) - 1], "position \(position)")
            let files = try FileManager.default.subpathsOfDirectory(atPath: community.restored + "/media")
            #expect(files.count { $0.count == 65 } == Int(report.files))
            try FileManager.default.removeItem(atPath: community.restored)
        }
    }

    @Test func `Moments that the backup does not reach are named`() async throws {
        let data = DataOfTest()
        try await data.open { _ = try ImportFile.small.run($0) }
        let file = data.path + "-backup"
        let report = try Backup().write(dataDirectory: data.path, to: file)
        let target = data.path + "-restored"
        func restore(_ moment: String) throws -> BackupReport {
            var restore = Restore()
            restore.until = Moment(moment)
            defer { try? FileManager.default.removeItem(atPath: target) }
            return try restore.run(file, into: target)
        }
        let beyond = MomentError.beyondNewest(report.position + 1, newest: report.position, time: report.time)
        #expect(throws: beyond) { try restore("\(report.position + 1)") }
        let early = try #require(Timestamp("2012-07-01T00:00:00.999Z"))
        let first = try #require(Timestamp("2012-07-01T00:00:01Z"))
        #expect(throws: MomentError.beforeFirst(early, first: first)) { try restore("2012-07-01T00:00:00.999Z") }
        #expect(access(target, F_OK) != 0)
        #expect(try restore("2012-07-01T00:00:01Z").position == 1)
        #expect(try restore("2012-07-01T02:00:02.999+02:00").position == 3)
        #expect(try restore("2030-01-01T00:00:00Z") == restore("\(report.position)"))
    }

    @Test func `A directory with anything in it is left as it is`() async throws {
        let community = try await BackedUpCommunity.make()
        try community.backUp()
        for name in ["log", "notes.txt", "views"] {
            try FileManager.default.createDirectory(
                atPath: community.restored + "/" + name, withIntermediateDirectories: true)
            #expect(throws: RestoreError.notEmpty(community.restored, entry: name)) { try community.restore() }
            #expect(try FileManager.default.contentsOfDirectory(atPath: community.restored) == [name])
            try FileManager.default.removeItem(atPath: community.restored)
        }
        #expect(throws: RestoreError.notEmpty(community.data.path, entry: "keys")) {
            try Restore().run(community.file, into: community.data.path)
        }
        try FileManager.default.createDirectory(atPath: community.restored, withIntermediateDirectories: false)
        try community.restore()
        #expect(throws: RestoreError.notEmpty(community.restored, entry: "keys")) { try community.restore() }
        #expect(throws: DataDirectoryError.self) {
            try Restore().run(community.file, into: community.restored + "/a/b")
        }
        let onFile = #expect(throws: BackupFileError.self) { try Restore().run(community.file, into: community.file) }
        #expect(onFile == .system("list", community.file, ENOTDIR))
    }

    @Test func `A restore that is broken off leaves nothing`() async throws {
        struct Enough: Error {}
        let community = try await BackedUpCommunity.make()
        try community.backUp { $0.withViews = true }
        for stage in [BackupProgress.Stage.bytes, .rows, .events, .files] {
            for isThere in [false, true] {
                if isThere {
                    try FileManager.default.createDirectory(
                        atPath: community.restored, withIntermediateDirectories: false)
                }
                #expect(throws: Enough.self) {
                    try community.restore { restore in
                        restore.progress = { if $0.stage == stage { throw Enough() } }
                    }
                }
                #expect(community.isThere(community.restored) == isThere)
                if isThere {
                    #expect(try FileManager.default.contentsOfDirectory(atPath: community.restored) == [])
                    try FileManager.default.removeItem(atPath: community.restored)
                }
            }
        }
    }

    /// What a restore leaves when it is killed, by what had been moved into place.
    @Test(arguments: [[], ["views"], ["views", "media"]])
    func `What a killed restore left is refused and cleared by the next`(moved: [String]) async throws {
        let community = try await BackedUpCommunity.make()
        try community.backUp { $0.withViews = true }
        try community.restore()
        let place = community.restored
        try FileManager.default.createDirectory(atPath: place + "/restoring", withIntermediateDirectories: false)
        for name in ["log", "media", "views"] where !moved.contains(name) {
            try FileManager.default.moveItem(atPath: "\(place)/\(name)", toPath: "\(place)/restoring/\(name)")
        }
        let message =
            "a restore into \(place) was not finished: run `martlet restore --data \(place)` again, which begins anew"
        for create in [false, true] {
            let error = #expect(throws: DataDirectoryError.self) { _ = try DataDirectory(place, create: create) }
            #expect(error?.description == message)
        }
        let error = #expect(throws: DataDirectoryError.self) { _ = try EventReader(dataDirectory: place) }
        #expect(error?.description == message)
        try community.restore()
        #expect(try community.restoredEvents() == community.events)
        #expect(!community.isThere(place + "/restoring"))
        #expect(try await community.restoredDigests() == community.digests.last)
    }

    @Test func `A restore that was killed in its last step is finished`() async throws {
        let community = try await BackedUpCommunity.make()
        try community.backUp()
        try community.restore()
        let left = community.restored + "/restoring"
        try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: false)
        #expect(try community.restoredEvents() == community.events)
        #expect(try await community.restoredDigests() == community.digests.last)
        #expect(!community.isThere(left))
    }

    @Test func `A directory in use is not restored into`() async throws {
        let community = try await BackedUpCommunity.make()
        try community.backUp()
        try FileManager.default.createDirectory(atPath: community.restored, withIntermediateDirectories: false)
        let lock = try DataLayout(community.restored).takeLock()
        let error = #expect(throws: DataDirectoryError.self) { try community.restore() }
        #expect(error?.description.contains("in use by process \(getpid())") == true)
        // By name: a child process that another test just forked may hold a copy of the descriptor.
        flock(lock, LOCK_UN)
        close(lock)
        try community.restore()
    }

    @Test func `A file that changes between the two looks is refused`() async throws {
        let community = try await BackedUpCommunity.make()
        try community.backUp()
        let whole = try community.bytes
        var changed = whole
        changed[whole.count / 2] ^= 1
        #expect(throws: BackupFileError.self) {
            try community.restore { restore in
                restore.progress = { if $0.done == $0.whole { try community.replace(by: changed) } }
            }
        }
        #expect(!community.isThere(community.restored))
    }

    @Test func `Read models of another version are left out and built anew`() async throws {
        let community = try await BackedUpCommunity.make()
        try community.backUp { $0.withViews = true }
        let parts = try BackupFileReader(community.file).parts()
        unlink(community.file)
        let writer = try BackupFileWriter(community.file)
        for part in parts {
            var contents = part.contents
            // A table of a name that nobody knows.
            if part.tag == .rows, contents[1...8].elementsEqual("accounts".utf8) { contents[1] = UInt8(ascii: "A") }
            try writer.add(part.tag, contents)
        }
        try writer.finish()
        var notes: [String] = []
        let report = try community.restore { $0.note = { notes.append($0) } }
        #expect(report.views == nil)
        #expect(report.rows == 0)
        #expect(notes.count == 1)
        #expect(!community.isThere(community.restored + "/views"))
        #expect(try await community.restoredDigests() == community.digests.last)
    }
}
