import Threads

@testable import HTTPServer

/// What a test sees of the handlers on the loops' threads.
final class TestRecord: Sendable {
    let handled = Guarded(0)
    let ticks = Guarded(0)
    let cancelledSinks = Guarded(0)
    let uploaded = Guarded<[UInt8]>([])
    let suspensions = Mailbox<Suspension>()
    let isBlocked = Mailbox<Bool>()
    let unblock = Mailbox<Bool>()

    var handledCount: Int { handled.withLock { $0 } }
    var cancelledCount: Int { cancelledSinks.withLock { $0 } }
}
