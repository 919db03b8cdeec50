import EventLog
import Microblog
import Testing

@testable import Application

/// What the rules have read of the log goes with the event that they decide, for the append to check.
@Suite struct DecisionReadsTests {
    private let data = DataOfTest()

    @Test func `An event carries the version of each of its streams that a rule looked at`() async throws {
        try await data.open { martlet in
            let ada = try await martlet.register("ada")
            let post = try await martlet.publish(by: ada)
            let command = Command.likePost(LikePost(post))
            #expect(try await reads(martlet, command, by: ada) == ["like/\(post)/\(ada)": 0])
            _ = try await martlet.execute(command, by: .account(ada))
            #expect(try await reads(martlet, .unlikePost(UnlikePost(post)), by: ada) == ["like/\(post)/\(ada)": 1])
            _ = try await martlet.execute(.unlikePost(UnlikePost(post)), by: .account(ada))
            #expect(try await reads(martlet, command, by: ada) == ["like/\(post)/\(ada)": 2])
        }
    }

    @Test func `A stream that begins with the event was read by nobody or found empty`() async throws {
        try await data.open { martlet in
            let command = Command.registerAccount(
                RegisterAccount(handle: try Handle("ada"), name: try DisplayName("Ada"), role: .member, key: nil))
            let reads = try await reads(martlet, command, by: nil)
            #expect(reads["\(names(martlet).name(of: .handle(try Handle("ada"))))"] == 0)
            #expect(reads["account/1"] == .some(nil))
        }
    }

    private func names(_ martlet: Martlet) -> StreamNames { StreamNames(martlet.log!.keys) }

    /// Decides a command inside the log, stores nothing, and tells what its event's streams were read at.
    private func reads(
        _ martlet: Martlet, _ command: Command, by account: AccountID?
    ) async throws -> [String: Version?] {
        let issuer = account.map { Issuer.account($0) } ?? .operator
        let names = names(martlet)
        return await withCheckedContinuation { continuation in
            martlet.log?.submit(
                Proposal { context in
                    var reads: [String: Version?] = [:]
                    if case .append(let event) = Martlet.decision(on: command, by: issuer, Limits(), context, names) {
                        for stream in event.streams { reads["\(stream.name)"] = .some(stream.read) }
                    }
                    continuation.resume(returning: reads)
                    return .refuse(answer: [])
                } completion: { _ in
                })
        }
    }
}
