internal import Application
internal import HTTPServer

/// The commands that the requests of one turn of a loop ask for. They are handed over together, and whoever answers them
/// wakes the loop once for many.
final class CommandTurn {
    private struct Entry {
        let order: Order
        let write: Write
        var isOpen = true
    }

    /// What is handed over.
    private(set) var requests: [CommandRequest] = []
    private var entries: [Entry] = []
    private var openCount = 0
    private let deadline: ContinuousClock.Instant

    /// - Parameter deadline: when requests without an answer get one that says so.
    init(until deadline: ContinuousClock.Instant) { self.deadline = deadline }

    /// Whether all requests have their answer.
    var isDone: Bool { openCount == 0 }

    /// Takes in a request, whose exchange is suspended until it is answered.
    func add(_ order: Order, _ write: Write, idempotencyKey: String?) {
        write.exchange.pause()
        requests.append(CommandRequest(order.command, by: write.caller, idempotencyKey: idempotencyKey))
        entries.append(Entry(order: order, write: write))
        openCount += 1
    }

    /// Answers requests, on the loop's thread.
    func answer(_ answers: [CommandAnswer]) {
        for answer in answers where close(answer.index) {
            let entry = entries[answer.index]
            entry.write.exchange.goOn { _ in entry.order.answer(entry.write, answer.result) }
        }
    }

    /// Answers the requests that have waited too long. Their orders are kept: an uploaded file is held until its command
    /// has ended.
    func expire(at now: ContinuousClock.Instant) {
        guard now >= deadline else { return }
        for index in entries.indices where close(index) {
            let write = entries[index].write
            write.exchange.goOn { exchange in
                exchange.respond(
                    write.service.error(
                        .unavailable(
                            "the request is not done yet and may still succeed; look before you send it again")))
            }
        }
    }

    private func close(_ index: Int) -> Bool {
        guard entries[index].isOpen else { return false }
        entries[index].isOpen = false
        openCount -= 1
        return true
    }
}
