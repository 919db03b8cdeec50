/// What runs exchanges on one thread: the event loop of sockets, or the one without sockets.
protocol RequestLoop: AnyObject {
    /// What answers.
    var handler: any RequestHandler { get }
    /// Where other threads put work.
    var inbox: LoopInbox { get }
    /// How many bytes of an unwanted body are read and thrown away.
    var drainLimit: Int { get }
}
