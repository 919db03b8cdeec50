internal import Microblog

/// Spreads commands over days and nights, each one later than, or as late as, the one before.
struct SampleClock {
    /// How much happens in each hour of the day, UTC.
    private static let hours = [
        8, 5, 3, 2, 2, 3, 8, 18, 30, 34, 32, 33, 38, 36, 33, 32, 34, 40, 48, 56, 60, 54, 36, 18,
    ]
    private static let millisecondsPerHour: Int64 = 3_600_000

    private let commands: Int
    private let total: Int
    private let start: Int64
    private var hour = 0
    private var before = 0

    init(commands: Int, days: Int, endsAt: Timestamp) {
        self.commands = commands
        start = endsAt.milliseconds - Int64(days) * 24 * SampleClock.millisecondsPerHour
        var total = 0
        for hour in 0..<days * 24 { total += SampleClock.weight(of: hour, from: start) }
        self.total = total
    }

    /// The time of a command.
    ///
    /// - Parameter number: from 0, never less than in an earlier call.
    mutating func time(of number: Int, _ random: inout SampleRandom) -> Timestamp {
        let share = (Double(number) + Double(random.below(1 << 20)) * 0x1p-20) / Double(commands) * Double(total)
        var weight = SampleClock.weight(of: hour, from: start)
        while share >= Double(before + weight) && before + weight < total {
            before += weight
            hour += 1
            weight = SampleClock.weight(of: hour, from: start)
        }
        let within = Swift.min((share - Double(before)) / Double(weight), 1)
        let milliseconds = Int64(within * Double(SampleClock.millisecondsPerHour - 1))
        return Timestamp(start + Int64(hour) * SampleClock.millisecondsPerHour + milliseconds)
    }

    private static func weight(of hour: Int, from start: Int64) -> Int {
        let absolute = start / millisecondsPerHour + Int64(hour)
        // 1970 began on a Thursday.
        let isWeekend = (absolute / 24 + 3) % 7 >= 5
        return hours[Int(absolute % 24)] * (isWeekend ? 5 : 4)
    }
}
