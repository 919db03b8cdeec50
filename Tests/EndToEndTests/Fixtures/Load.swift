import ContractChecks
import TestSupport
import Threads

/// Clients that read and write over connections of their own, without a pause, and note what goes wrong.
final class Load {
    /// What came of it.
    struct Result: Sendable {
        var answers = 0
        /// Answers that say no, connections that were lost, positions that went back: one line each.
        var failures: [String] = []
        /// The longest time that an answer took.
        var longest = Duration.zero

        mutating func add(_ other: Result) {
            answers += other.answers
            failures += other.failures
            longest = max(longest, other.longest)
        }
    }

    private let isOver = Guarded(false)
    private let result = Guarded(Result())
    private var threads: [OwnedThread] = []

    /// Begins.
    ///
    /// - Parameter users: handles of accounts with the key `key-<handle>`, and their ids.
    init(port: UInt16, readers: Int, writers: Int, users: [(handle: String, id: Int)]) {
        for number in 0..<readers + writers {
            threads.append(
                OwnedThread(name: "load-\(number)") { [isOver, result] in
                    var client = LoadClient(port: port, number: number, writes: number >= readers, users: users)
                    while !isOver.withLock({ $0 }), client.isConnected { client.ask() }
                    result.withLock { $0.add(client.result) }
                })
        }
    }

    /// Ends all clients, after the answers that they wait for.
    func stop() -> Result {
        isOver.withLock { $0 = true }
        for thread in threads { thread.join() }
        return result.withLock { $0 }
    }
}

/// One of them.
private struct LoadClient {
    let number: Int
    let writes: Bool
    let users: [(handle: String, id: Int)]
    private let connection: HTTPConnection?
    private var random: SplitMix64
    private var position: UInt64 = 0
    private var tweets: [Int] = []
    private(set) var result = Load.Result()
    private(set) var isConnected = true

    init(port: UInt16, number: Int, writes: Bool, users: [(handle: String, id: Int)]) {
        self.number = number
        self.writes = writes
        self.users = users
        random = SplitMix64(seed: UInt64(number))
        connection = try? HTTPConnection(port: port, key: "key-\(users[number % users.count].handle)")
    }

    /// Sends a request and looks at the answer.
    mutating func ask() {
        let other = users[Int.random(in: 1..<users.count, using: &random)].id
        let choice = Int.random(in: 0..<4, using: &random)
        let (method, target, body): (String, String, String?) =
            switch (writes, choice) {
            case (false, 0): ("GET", "/api/tweets?limit=20", nil)
            case (false, 1): ("GET", "/api/tweets?limit=20&sort=newest&likes=3", nil)
            case (false, 2): ("GET", "/api/users/\(other)", nil)
            case (false, _): ("GET", "/api/users/\(other)/followers?limit=50", nil)
            case (true, 0): ("POST", "/api/tweets", "{\"tweet_data\": \"client \(number), tweet \(tweets.count)\"}")
            case (true, 1) where !tweets.isEmpty: ("POST", "/api/tweets/\(tweets[tweets.count - 1])/likes", "")
            case (true, 2) where other != users[number % users.count].id: ("POST", "/api/users/\(other)/follow", "")
            case (true, _): ("DELETE", "/api/users/\(other)/follow", "")
            }
        let start = ContinuousClock.now
        do {
            guard let connection else { throw HTTPConnection.Failure.lost }
            let answer = try connection.call(method, target, body)
            result.longest = max(result.longest, .now - start)
            result.answers += 1
            if let id = answer.json?["tweet_id"]?.integer { tweets.append(id) }
            if answer.status >= 300 { result.failures.append("\(method) \(target): \(answer.status) \(answer.text)") }
            let position = answer.position ?? 0
            if position < self.position { result.failures.append("position \(position) after \(self.position)") }
            self.position = position
        } catch {
            result.failures.append("\(method) \(target): \(error)")
            isConnected = false
        }
    }
}
