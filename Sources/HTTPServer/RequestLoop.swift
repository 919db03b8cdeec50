/// Runs exchanges on one thread: the event loop with sockets, or the loop without sockets.
protocol RequestLoop: AnyObject {
    /// What answers.
    var handler: any RequestHandler { get }
    /// The place where other threads put work.
    var inbox: LoopInbox { get }
    /// How many bytes of an unwanted body are read and thrown away.
    var drainLimit: Int { get }
}
