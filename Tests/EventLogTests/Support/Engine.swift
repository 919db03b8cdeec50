import EventLog
import LMDB
import TestSupport
import Testing
import Threads

/// A kind of log that the conformance suite is run on.
enum Engine: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case lmdb
    case inMemory

    var testDescription: String { rawValue }

    /// Lends a new, empty log; closes and removes it afterwards.
    func withLog(_ body: (any EventLog) throws -> Void) throws {
        try withTemporaryDirectory { path in
            let log: any EventLog =
                switch self {
                case .lmdb: try LMDBEventLog(directory: path, mapSize: 1 << 28)
                case .inMemory: InMemoryEventLog()
                }
            defer { log.close() }
            try body(log)
        }
    }
}

/// Lends a log in a directory, and closes it for good, so that the directory can be opened again.
func withLMDBLog<Result>(
    _ directory: String, mapSize: Int = 1 << 28, waitingLimit: Int = 16384,
    _ body: (LMDBEventLog) throws -> Result
) throws -> Result {
    var configuration = WriteConfiguration()
    configuration.waitingLimit = waitingLimit
    let log = try LMDBEventLog(directory: directory, mapSize: mapSize, configuration)
    defer { log.close() }
    return try body(log)
}

/// Lends the directory of a closed log of three events.
func withLogOfThree(_ body: (String) throws -> Void) throws {
    try withTemporaryDirectory { path in
        try withLMDBLog(path) { log in
            for _ in 0..<3 { try log.append(.of("a")) }
        }
        try body(path)
    }
}

/// Lends a reader of a directory, and closes it for good.
func withReader<Result>(_ directory: String, _ body: (LogReader) throws -> Result) throws -> Result {
    try body(LogReader(directory: directory))
}

/// Lends the environment of a log that nobody has open.
func withEnvironment<Result>(_ directory: String, _ body: (Environment) throws -> Result) throws -> Result {
    try body(Environment(path: directory, mapSize: 1 << 28, durability: .everyCommit))
}
