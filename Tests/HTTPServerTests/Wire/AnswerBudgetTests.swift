import Testing

@testable import HTTPServer

/// The memory for answers that wait for their readers.
struct AnswerBudgetTests {
    private let loop = DrivenLoop { $0.answerMemory = 100_000 }

    /// A client that has asked for so many bytes, and has taken so many.
    private func reader(_ count: Int, took: Int = 0, _ query: String = "") -> DrivenConnection {
        let driven = DrivenConnection(on: loop, room: took)
        driven.send("GET /bytes?count=\(count)\(query) HTTP/1.1\r\nHost: a\r\n\r\n")
        return driven
    }

    private func status(of driven: DrivenConnection) -> Int? {
        driven.read(1_000_000)
        return WireAnswer.read(driven.output.bytes).last?.status
    }

    @Test func `An answer that is taken at once counts for nothing`() {
        let driven = reader(90_000, took: .max)
        #expect(driven.phase == .idle)
        #expect(loop.budget.count == 0)
    }

    @Test func `An answer counts until its last byte is taken, because it holds all of its memory until then`() {
        let driven = reader(40_000, took: 10)
        #expect(40_000..<41_000 ~= loop.budget.count)
        driven.read(39_000)
        #expect(loop.budget.count >= 40_000)
        driven.read(2000)
        #expect(driven.phase == .idle)
        #expect(loop.budget.count == 0)
    }

    @Test func `When the memory is full the reader that takes least is cut off`() {
        let readers = [reader(30_000, took: 2000), reader(30_000, took: 500), reader(30_000, took: 1000)]
        loop.runJobs()
        #expect(readers.map(\.phase) == [.response, .response, .response])
        let last = reader(30_000, took: 3000)
        loop.runJobs()
        #expect(readers.map(\.phase) == [.response, .closed, .response])
        #expect(last.phase == .response)
        #expect(loop.counters.budgetCloses == 1)
        #expect(loop.budget.count <= 100_000)
        let huge = reader(99_000, took: 5000)
        loop.runJobs()
        #expect(readers.map(\.phase) == [.closed, .closed, .closed])
        #expect(last.phase == .closed)
        #expect(huge.phase == .response)
    }

    @Test func `Not all of a turn's answers are made before one reader is cut off`() {
        let readers = (0..<50).map { _ in
            let driven = reader(30_000, took: 1000)
            #expect(loop.budget.count <= 100_000)
            return driven
        }
        #expect(readers.count { $0.phase == .response } == 3)
    }

    @Test func `An answer larger than all of the memory is not kept`() {
        let driven = reader(200_000, took: 1000)
        loop.runJobs()
        #expect(driven.phase == .closed)
        #expect(loop.budget.count == 0)
    }

    @Test func `Readers of files hold nothing, and are not cut off for others`() {
        let file = DrivenConnection(on: loop)
        file.send("GET /file?path=/proc/self/stat&offset=0&length=10 HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(file.phase == .response)
        #expect(loop.budget.count == 0)
        let others = [reader(60_000, took: 100_000 / 2), reader(60_000, took: 100_000 / 2)]
        loop.runJobs()
        #expect(others.count { $0.phase == .closed } == 1)
        #expect(file.phase == .response)
    }

    @Test func `Who took the answer in time is not cut off at the next one`() {
        let quick = reader(60_000, took: 10)
        quick.send("GET /bytes?count=20000 HTTP/1.1\r\nHost: a\r\n\r\n")
        let other = DrivenConnection(on: DrivenLoop(budget: loop.budget), room: 1000)
        other.send("GET /bytes?count=60000 HTTP/1.1\r\nHost: a\r\n\r\n")
        // The order to cut off is on its way from the other loop when the client reads on.
        quick.read(61_000)
        #expect(quick.phase == .response)
        loop.runJobs()
        #expect(quick.phase == .response)
        #expect(other.phase == .response)
        #expect(loop.counters.budgetCloses == 0)
    }

    @Test func `An account may fill half of the memory, an address a quarter`() {
        let account = [reader(30_000, "&account=1"), reader(30_000, "&account=1")]
        #expect(status(of: reader(1000, "&account=1")) == 429)
        #expect(status(of: reader(1000, "&account=2")) == 200)
        for driven in account { driven.read(100_000) }
        #expect(status(of: reader(1000, "&account=1")) == 200)
        let address = [reader(15_000, "&address=1"), reader(15_000, "&address=1&account=3")]
        #expect(status(of: reader(1000, "&address=1&account=4")) == 429)
        #expect(status(of: reader(1000, "&address=2")) == 200)
        for driven in address { driven.connection.close() }
        #expect(status(of: reader(1000, "&address=1&account=4")) == 200)
        #expect(loop.budget.count == 0)
    }

    @Test func `Memory is given back on every way out`() {
        let waysOut: [(DrivenConnection) -> Void] = [
            { $0.read(1_000_000) }, { $0.connection.close() }, { $0.loop.pass(200_000) },
            { driven in
                driven.output.isBroken = true
                driven.connection.writeMore()
            },
        ]
        for wayOut in waysOut {
            let driven = reader(30_000, took: 100, "&account=7&address=8")
            #expect(loop.budget.count > 0)
            wayOut(driven)
            #expect(driven.phase == .idle || driven.phase == .closed)
            #expect(loop.budget.count == 0)
        }
    }

    @Test func `Loops share the memory`() {
        let other = DrivenLoop(budget: loop.budget)
        let slow = reader(60_000, took: 10)
        let quick = DrivenConnection(on: other, room: 1000)
        quick.send("GET /bytes?count=60000 HTTP/1.1\r\nHost: a\r\n\r\n")
        other.runJobs()
        #expect(slow.phase == .response)
        loop.runJobs()
        #expect(slow.phase == .closed)
        #expect(quick.phase == .response)
    }
}
