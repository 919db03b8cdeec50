import Microblog
import PlainMicroblog
import TestSupport
import Testing

/// Long random histories, decided command by command, beside the plain model, which keeps sets and no streams.
@Suite struct RandomHistoryTests {
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `Every decision is what a plain model expects`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var seen: Set<String> = []
        for _ in 0..<10 { run(commands: 250, &random, seen: &seen) }
        #expect(seen.isSuperset(of: EventType.all.map(\.name)))
        #expect(
            seen.isSuperset(of: [
                "nothing", "unknown_post", "unknown_account", "unknown_media", "not_author", "media_not_owned",
                "media_already_attached", "too_many_media", "duplicate_media", "handle_taken", "key_in_use",
                "cannot_follow_yourself", "account_required", "handle_held", "not_your_account", "text_too_long",
                "text_blank",
            ]))
    }

    private func run(commands: Int, _ random: inout SplitMix64, seen: inout Set<String>) {
        var history = History()
        var model = PlainMicroblog()
        let limits = Limits(textLength: 5, mediaPerPost: 3, handleHold: 400)
        for _ in 0..<commands {
            history.time += Int64(random.below(10))
            let position = UInt64(history.events.count + 1)
            let issuer = random.issuer(in: history)
            let command = random.command(in: history)
            let expected = model.answer(to: command, by: issuer, at: history.time, limits: limits)
            do throws(Rejection) {
                let event = try history.when(issuer, command, limits: limits)
                #expect(expected == (event.map { .event($0) } ?? .alreadySo), "\(command) by \(issuer)")
                seen.insert(event?.type.name ?? "nothing")
                if let event { history.given(event, by: issuer) }
                // The model goes on with what it expects, not with what was decided.
                if case .event(let expected) = expected {
                    model.apply(expected, by: issuer, at: position, time: history.time)
                }
            } catch {
                #expect(expected == .rejected(error.code), "\(command) by \(issuer)")
                seen.insert(error.code)
            }
        }
    }
}
