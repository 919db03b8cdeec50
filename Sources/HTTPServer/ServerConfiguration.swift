/// The settings of the HTTP server: where to listen, with how many loops, and its limits.
public struct ServerConfiguration: Sendable {
    /// Where to listen.
    public var address: ListenAddress
    /// How many event loops share the port. One for each core is right.
    public var loops: Int = 1
    /// The most connections that may be open at once, over all loops. The limit on open files may lower it.
    ///
    /// At the limit a connection without a request is closed for a new one, idle ones first. Where there is none, new ones
    /// stay in the kernel's queue until others close.
    public var connectionLimit: Int = 20_000
    /// How long the head of a request may be.
    public var headLimits = HeadLimits()
    /// The most bytes of answers that may wait in memory for their readers, over all loops.
    public var answerMemory: Int = 64 << 20
    /// The longest that connections may take for each part of their work.
    public var deadlines = Deadlines()
    /// How many bytes of an unwanted body are read and thrown away so that the client can read the answer.
    public var drainLimit: Int = 1 << 20
    /// How long a connection stays open that was answered before its body was in, so that a client that is still
    /// sending can read the answer.
    public var lingerTime: Duration = .seconds(2)
    /// How long `stop()` waits for requests under way to be answered.
    public var stopDeadline: Duration = .seconds(5)

    /// The defaults, on one address.
    public init(address: ListenAddress) {
        self.address = address
    }

    /// Total times, which a trickle of bytes cannot stretch.
    public struct Deadlines: Sendable {
        /// From the accept to the first byte of a header, and once more from there to its end.
        public var header: Duration = .seconds(10)
        /// From the end of an answer to the next request's first line.
        public var idle: Duration = .seconds(60)
        /// For a body. A longer one may go on as long as it reaches `minimumRate` in each such span.
        public var body: Duration = .seconds(30)
        /// For the handler of a suspended request. It has a limit of its own; this one is for the case that it fails.
        public var handler: Duration = .seconds(330)
        /// For sending an answer. A longer one may go on as long as it reaches `minimumRate` in each such span.
        public var response: Duration = .seconds(60)
        /// Bytes a second below which a body or an answer that has used up its time is cut off.
        public var minimumRate: Int = 4096

        /// The defaults.
        public init() {}
    }
}
