import Backup

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
