import HTTPServer
import Threads

/// Sends groups of requests, each group when the one before it is answered.
///
/// A group is sent from the server's own thread. The loop cannot take any of it before that job ends, so it takes all
/// of it in its next turn: commands of a group are one batch, whatever else the machine does.
final class CallSequence: @unchecked Sendable {
    // because everything but `ended` is touched on the server's thread alone, once the sequence has begun.
    private let server: MemoryServer
    private let groups: [[[UInt8]]]
    private var next = 0
    private var open = 0
    private var problem: CallError?
    private let began: () -> Void
    private let stopped: () -> Void
    private let warmUp: Int
    /// One closure for all answers, so that asking takes next to nothing from the heap.
    private var take: @Sendable ([UInt8]) -> Void = { _ in }
    private let ended = Mailbox<CallError?>()

    /// Sends all groups and returns when they are answered. Blocks.
    ///
    /// - Parameters:
    ///   - warmUp: how many groups come before `began`.
    ///   - began: called between two groups, on the server's thread, as is `stopped` at the end.
    static func run(
        _ groups: [[[UInt8]]], on server: MemoryServer, warmUp: Int = 0, began: @escaping () -> Void = {},
        stopped: @escaping () -> Void = {}
    ) throws(CallError) {
        let sequence = CallSequence(groups, server, warmUp, began, stopped)
        // Any request brings us to the server's thread.
        server.send(Request("GET", "/healthz")) { _ in sequence.sendNext() }
        if let problem = sequence.ended.take()?.first ?? nil { throw problem }
    }

    private init(
        _ groups: [[[UInt8]]], _ server: MemoryServer, _ warmUp: Int, _ began: @escaping () -> Void,
        _ stopped: @escaping () -> Void
    ) {
        self.groups = groups
        self.server = server
        self.warmUp = warmUp
        self.began = began
        self.stopped = stopped
        take = { [unowned self] in check($0) }
    }

    private func sendNext() {
        if next == warmUp { began() }
        guard problem == nil, next < groups.count else {
            stopped()
            ended.put(problem)
            return
        }
        open = groups[next].count
        next += 1
        for request in groups[next - 1] { server.send(request, take) }
    }

    private func check(_ answer: [UInt8]) {
        // `HTTP/1.1 200 OK`: what is not the second hundred was not done.
        if answer.count < 10 || answer[9] != UInt8(ascii: "2") {
            problem = CallError("an answer was \"\(String(decoding: answer, as: UTF8.self))\"")
        }
        open -= 1
        if open == 0 { sendNext() }
    }
}
