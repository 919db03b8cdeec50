import EventLog
import Microblog
import PlainViews
import Testing

@testable import Application

/// A point in a log's history, as people write it and as the log knows it.
@Suite struct MomentTests {
    @Test(arguments: [
        ("1", Moment.position(1)), ("812", .position(812)), ("018", .position(18)),
        ("18446744073709551615", .position(.max)), ("2012-07-04T08:15:30Z", .time(Timestamp(1_341_389_730_000))),
        ("2012-07-04T08:15:30.25Z", .time(Timestamp(1_341_389_730_250))),
        ("2012-07-04T10:15:30.2509+02:00", .time(Timestamp(1_341_389_730_250))),
        ("2012-07-04t08:15:30z", .time(Timestamp(1_341_389_730_000))),
    ])
    func `Positions and times are read`(text: String, moment: Moment) {
        #expect(Moment(text) == moment)
        #expect(Moment(moment.description) == moment)
    }

    @Test(arguments: [
        "", "0", "00", "-1", "+1", "1.5", "1e3", " 1", "18446744073709551616", "2012-07-04", "2012-07-04T08:15:30",
        "2012-02-30T00:00:00Z", "2012-07-04T08:15:30Zx", "now", "１",
    ])
    func `What is neither is refused`(text: String) {
        #expect(Moment(text) == nil)
    }

    @Test func `Moments of a log are found and others named with what is there`() async throws {
        let data = DataOfTest()
        try await data.open { _ = try ImportFile.small.run($0) }
        let events = try EventReader(dataDirectory: data.path)
        let newest = try events.newest
        func position(_ text: String) throws -> UInt64 { try events.position(of: #require(Moment(text))) }

        #expect(try position("1") == 1)
        #expect(try position("\(newest)") == newest)
        #expect(try position("2012-07-01T00:00:01Z") == 1)
        // Two events share this time; the moment is after both.
        #expect(try position("2012-07-01T00:00:02Z") == 3)
        #expect(try position("2012-07-01T00:00:03.499Z") == 3)
        #expect(try position("2012-07-01T02:00:03.5+02:00") == 4)
        #expect(try position("9999-01-01T00:00:00Z") == newest)

        #expect(
            throws: MomentError.beyondNewest(
                newest + 1, newest: newest, time: try #require(Timestamp("2012-07-01T00:00:12Z")))
        ) { try position("\(newest + 1)") }
        let early = try #require(Timestamp("2012-07-01T00:00:00.999Z"))
        let first = try #require(Timestamp("2012-07-01T00:00:01Z"))
        let error = #expect(throws: MomentError.beforeFirst(early, first: first)) {
            try position("2012-07-01T00:00:00.999Z")
        }
        #expect(
            error?.description
                == "2012-07-01T00:00:00.999Z is before the first event, which is of 2012-07-01T00:00:01.000Z; "
                + "name that time or a later one")
    }

    @Test func `An empty log has no moments`() async throws {
        let data = DataOfTest()
        try await data.open { _ in }
        let events = try EventReader(dataDirectory: data.path)
        for moment in [Moment.position(1), .time(Timestamp(0))] {
            #expect(throws: MomentError.emptyLog(moment)) { try events.position(of: moment) }
        }
    }
}
