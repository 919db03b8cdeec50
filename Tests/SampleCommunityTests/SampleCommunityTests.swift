import FoundationEssentials
import Glibc
import Microblog
import SampleCommunity
import Testing

@Suite struct SampleCommunityTests {
    @Test func `A seed gives the same history on every machine`() {
        // FNV-1a over the lines. A change of the generator, its words or the form of a line changes it. Measurements
        // from before and after cannot be compared then; a commit that changes this number should say so.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var bytes: [UInt8] = []
        for command in SampleCommunity(commands: 5_000, seed: 42, firstKey: "test") {
            command.appendLine(to: &bytes)
            bytes.append(UInt8(ascii: "\n"))
        }
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        #expect(hash == 8_454_932_526_843_611_023)
        let other = SampleCommunity(commands: 100, seed: 43)
        #expect(Array(other) == Array(other))
        #expect(Array(other) != Array(SampleCommunity(commands: 100, seed: 44)))
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `Every history is valid`(seed: UInt64) {
        var sizes = SampleRandom(seed: seed)
        let commands = 1 + Int(sizes.next() % 3_000)
        let accounts = seed % 4 == 0 ? nil : 1 + Int(sizes.next() % 200)
        let pictures = seed % 3 == 0 ? nil : Int(sizes.next() % 100)
        let community = SampleCommunity(
            commands: commands, accounts: accounts, pictures: pictures, days: 1 + Int(seed % 20), seed: seed)
        var model = CommunityModel()
        var count = 0
        for command in community {
            count += 1
            if let problem = model.apply(command) {
                Issue.record("seed \(seed), command \(count): \(problem): \(command.line)")
                return
            }
            #expect(command.time <= community.endsAt)
        }
        #expect(count == commands)
        #expect(model.accounts.count == community.accounts)
        #expect(model.freeFiles == 0)
    }

    @Test func `A history longer than the memory of posts is valid and skewed`() throws {
        let community = SampleCommunity(commands: 60_000, seed: 7)
        var model = CommunityModel()
        for command in community {
            if let problem = model.apply(command) {
                Issue.record("\(problem): \(command.line)")
                return
            }
        }
        #expect(model.authors.count > 3 * 4_096)
        let followers = model.follows.reduce(into: [:]) { $0[$1.followed, default: 0] += 1 } as [Int: Int]
        let star = try #require(followers.max { $0.value < $1.value })
        #expect(star.key == 2)
        #expect((65...95).contains(100 * star.value / community.accounts))
        let mean = Double(model.follows.count) / Double(community.accounts)
        #expect((30...70).contains(mean))
        #expect(model.follows.count { $0.follower == 1 } >= 30)

        let likes = model.likesPerPost.values.sorted(by: >)
        let total = likes.reduce(0, +)
        let top = likes.prefix(model.authors.count / 100).reduce(0, +)
        #expect(top > total / 10, "a hundredth of the posts has more than a tenth of the likes")
        let written = model.authors.reduce(into: [:]) { $0[$1, default: 0] += 1 } as [Int: Int]
        #expect(written.values.sorted(by: >).prefix(30).reduce(0, +) > model.authors.count / 4)
        #expect((600...1_200).contains(model.undone))
    }

    @Test func `More happens by day than by night`() {
        let community = SampleCommunity(commands: 20_000, days: 10, seed: 3)
        var hours = [Int](repeating: 0, count: 24)
        for command in community { hours[Int(command.time.milliseconds / 3_600_000 % 24)] += 1 }
        #expect(hours[20] > 10 * hours[3])
        let first = community.first { _ in true }?.time ?? Timestamp(0)
        #expect(community.endsAt.milliseconds - first.milliseconds <= 10 * 86_400_000)
        #expect(community.endsAt.milliseconds - first.milliseconds > 9 * 86_400_000)
    }

    @Test func `The first account has the key that was asked for`() {
        let community = SampleCommunity(commands: 50, firstKey: "test")
        let keys = community.compactMap { command -> String? in
            guard case .register(_, let key) = command.action else { return nil }
            return key
        }
        #expect(keys == ["test"])
        #expect(community.first { _ in true }?.account == 1)
    }
}
