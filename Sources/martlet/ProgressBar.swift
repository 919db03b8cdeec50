import Backup
import Glibc

/// Shows how far a long piece of work has come: as a bar with rate and ETA on a terminal, elsewhere as a line now and
/// then.
struct ProgressBar {
    private let name: String
    private let unit: String
    private let start = ContinuousClock.now
    private var lastShown = ContinuousClock.now
    private let interval: Duration

    init(_ name: String, unit: String) {
        self.name = name
        self.unit = unit
        interval = Console.isTerminal ? .milliseconds(100) : .seconds(10)
    }

    /// Whether it is time to show something again.
    var isDue: Bool { .now - lastShown >= interval }

    /// Shows the progress.
    ///
    /// - Parameters:
    ///   - count: how many units are done.
    ///   - fraction: the part of the whole that is done, from 0 to 1; `nil` if the whole is not known.
    mutating func show(_ count: Int, fraction: Double?) {
        lastShown = .now
        let seconds = max((lastShown - start) / .seconds(1), 0.001)
        var line = "\(name): \(count) \(unit), \(Int(Double(count) / seconds)) \(unit)/s"
        if let fraction, fraction > 0 {
            let left = seconds / fraction - seconds
            line += ", \(Int(fraction * 100)) %, ETA \(Self.clock(left))"
            if Console.isTerminal {
                let filled = Int(fraction * 30)
                line =
                    "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled) + "] "
                    + line
            }
        }
        if Console.isTerminal { Console.overwrite(line) } else { Console.note(line) }
    }

    /// Ends with a line that says what was done.
    func finish(_ count: Int, _ details: String = "") {
        let seconds = max((ContinuousClock.now - start) / .seconds(1), 0.001)
        let tenths = Int(seconds * 10)
        let line =
            "\(name): \(count) \(unit) in \(tenths / 10).\(tenths % 10) s, \(Int(Double(count) / seconds)) \(unit)/s"
        clear()
        Console.note(line + details)
    }

    /// Removes the bar from a terminal.
    func clear() {
        if Console.isTerminal { Console.overwrite("") }
    }

    private static func clock(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        let (minutes, rest) = (whole / 60, whole % 60)
        return "\(minutes):\(rest < 10 ? "0" : "")\(rest)"
    }
}

/// Shows how far a backup or a restore has come, stage by stage, and ends it when a signal comes.
struct BackupProgressBar {
    private let name: String
    private let signals: SignalWait
    private var stage: BackupProgress.Stage?
    private var bar: ProgressBar

    init(_ name: String, endedBy signals: SignalWait) {
        self.name = name
        self.signals = signals
        bar = ProgressBar(name, unit: "")
    }

    mutating func show(_ progress: BackupProgress) throws {
        if signals.hasCome { throw Failure("interrupted; nothing is left of it") }
        if progress.stage != stage {
            stage = progress.stage
            bar = ProgressBar(name, unit: progress.stage.rawValue)
        }
        guard bar.isDue else { return }
        let fraction = progress.whole.map { Double(progress.done) / Double(max($0, 1)) }
        bar.show(Int(progress.done), fraction: fraction)
    }

    func finish() {
        if Console.isTerminal { Console.overwrite("") }
    }
}
