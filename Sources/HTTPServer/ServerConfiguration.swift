/// What the HTTP server core can be told: where to listen, with how many loops, and its limits.
public struct ServerConfiguration: Sendable {
    /// Where to listen.
    public var address: ListenAddress
    /// How many event loops share the port; one a core is right.
    public var loops: Int = 1
    /// The most connections open at once, over all loops; the limit on open files may bound it further.
    ///
    /// At the limit new connections wait in the kernel's queue until others close.
    public var connectionLimit: Int = 20_000
    /// The longest that connections may take over each part of their work.
    public var deadlines = Deadlines()
    /// How many bytes of an unwanted body are read and thrown away so that the client gets to read the answer.
    public var drainLimit: Int = 1 << 20
    /// How long a connection stays open that was answered before its body was in, so that a client that is still sending
    /// gets to read the answer.
    public var lingerTime: Duration = .seconds(2)
    /// How long `stop()` waits for requests under way to be answered.
    public var stopDeadline: Duration = .seconds(5)

    /// The defaults, on one address.
    public init(address: ListenAddress) {
        self.address = address
    }

    /// Total times, which no trickle of bytes can stretch.
    public struct Deadlines: Sendable {
        /// From the accept, or from a request's first line, to the end of its header.
        public var header: Duration = .seconds(10)
        /// From the end of an answer to the next request's first line.
        public var idle: Duration = .seconds(60)
        /// For a body; a longer one may go on as long as each such span brings `minimumRate`.
        public var body: Duration = .seconds(30)
        /// For sending an answer; a longer one may go on as long as each such span brings `minimumRate`.
        public var response: Duration = .seconds(60)
        /// Bytes a second below which a body or an answer that has used up its time is cut off.
        public var minimumRate: Int = 4096

        /// The defaults.
        public init() {}
    }
}
