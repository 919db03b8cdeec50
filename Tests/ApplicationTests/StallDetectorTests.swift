import Testing

@testable import Application

@Suite struct StallDetectorTests {
    private let start = ContinuousClock.now

    /// What looks at a row of (second, position, head) find out.
    private func news(_ looks: [(Int, UInt64, UInt64)]) -> [StallDetector.News?] {
        var detector = StallDetector(patience: .seconds(3))
        return looks.map { second, position, head in
            detector.look(at: position, head: head, now: start + .seconds(second))
        }
    }

    @Test func `A projection that has caught up is not stalled, however long nothing happens`() {
        #expect(news([(0, 7, 7), (1, 7, 7), (60, 7, 7), (61, 7, 8), (62, 8, 8)]) == [nil, nil, nil, nil, nil])
    }

    @Test func `A projection that is behind and moves is not stalled`() {
        #expect(news([(0, 1, 99), (3, 2, 99), (6, 3, 99), (9, 4, 99)]) == [nil, nil, nil, nil])
    }

    @Test func `A projection that is behind and does not move is told of once, and once more when it goes on`() {
        let found = news([
            (0, 5, 5), (1, 5, 6), (2, 5, 6), (3, 5, 9), (4, 5, 9), (5, 5, 9), (6, 6, 9), (7, 9, 9), (8, 9, 9),
        ])
        #expect(
            found == [
                nil, nil, nil, nil, .standsStill(at: 5, for: .seconds(3)), nil, .goesOn(after: .seconds(5)), nil, nil,
            ])
    }

    @Test func `A stall can happen again`() {
        let found = news([(0, 5, 6), (3, 5, 6), (4, 6, 7), (6, 6, 7), (7, 6, 7), (8, 7, 7)])
        #expect(
            found == [
                nil, .standsStill(at: 5, for: .seconds(3)), .goesOn(after: .seconds(4)), nil,
                .standsStill(at: 6, for: .seconds(3)), .goesOn(after: .seconds(4)),
            ])
    }

    @Test func `A log that is no longer ahead ends a stall`() {
        #expect(
            news([(0, 5, 6), (3, 5, 6), (4, 5, 5)])
                == [nil, .standsStill(at: 5, for: .seconds(3)), .goesOn(after: .seconds(4))])
    }

    @Test func `A rate is that of the last seconds`() {
        var window = RateWindow(span: .seconds(5))
        #expect(window.rate(to: 9, at: start) == 0)
        window.note(100, at: start)
        #expect(window.rate(to: 100, at: start) == 0)
        #expect(window.rate(to: 110, at: start + .seconds(2)) == 5)
        for second in 1...20 { window.note(100 + UInt64(second) * 10, at: start + .seconds(second)) }
        #expect(window.rate(to: 300, at: start + .seconds(20)) == 10)
        // Nothing more comes: the rate falls, and is nothing when all of the window is without events.
        #expect(window.rate(to: 300, at: start + .seconds(25)) == 5)
        for second in 21...25 { window.note(300, at: start + .seconds(second)) }
        #expect(window.rate(to: 300, at: start + .seconds(25)) == 0)
    }
}
