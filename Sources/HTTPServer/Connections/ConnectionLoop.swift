import Glibc

/// What the connections of one loop share. Only the loop's thread uses it, except for the inbox.
final class ConnectionLoop {
    let configuration: ServerConfiguration
    /// The place where other threads put work.
    let inbox: LoopInbox
    /// What answers.
    let handler: any RequestHandler
    let deadlines = DeadlineLists()
    let limits: DeadlineLimits
    let parsers = ParserPool()
    let budget: AnswerBudget
    var answerHead = AnswerHead()
    /// Connections that were closed in this turn. They stay alive until its end, because events may still name them.
    var closed: [Connection] = []

    /// Connections whose exchange the handler let go on. They have to be served.
    var resumed: [Connection] = []

    /// The time of the current turn, in milliseconds of ``MonotonicClock``.
    var now: UInt64
    /// Whether connections close after their answer.
    var isStopping = false

    init(
        _ configuration: ServerConfiguration, inbox: LoopInbox, budget: AnswerBudget, now: UInt64,
        makeHandler: (LoopInbox) -> any RequestHandler
    ) {
        self.configuration = configuration
        self.inbox = inbox
        self.budget = budget
        self.now = now
        limits = DeadlineLimits(configuration.deadlines, linger: configuration.lingerTime)
        handler = makeHandler(inbox)
        answerHead.setDate(time(nil))
    }

    /// How many bytes of an unwanted body are read and thrown away.
    var drainLimit: Int { configuration.drainLimit }
    var counters: LoopCounters { inbox.counters }
}
