internal import Synchronization

/// A bound that turned a request away, or cut its waiting short. Each is counted in `/metrics`.
enum Limit: Int, CaseIterable {
    /// ``AdapterConfiguration/requestsPerSecond``
    case accountRequests
    /// ``AdapterConfiguration/wrongKeysPerSecond``
    case wrongKeys
    /// Too many answers that wait for readers who do not read.
    case answerMemory
    /// Too many uploads and files being sent.
    case openFiles
    /// A body or a file that is too long.
    case bodySize
    /// A body with too many values.
    case bodyValues
    /// A `Martlet-Wait` too far ahead.
    case waitAhead
    /// A `Martlet-Wait` that was not reached in time. This is no fault of the server.
    case waitTime

    /// The name in `/metrics`.
    var label: String {
        switch self {
        case .accountRequests: "account_requests"
        case .wrongKeys: "wrong_keys"
        case .answerMemory: "answer_memory"
        case .openFiles: "open_files"
        case .bodySize: "body_size"
        case .bodyValues: "body_values"
        case .waitAhead: "wait_ahead"
        case .waitTime: "wait_time"
        }
    }
}

/// How often each limit was met, over all loops.
final class LimitCounters: @unchecked Sendable {
    // because all numbers are atomic.
    private let numbers: UnsafeMutablePointer<Atomic<UInt64>>

    init() {
        numbers = .allocate(capacity: Limit.allCases.count)
        for limit in Limit.allCases { (numbers + limit.rawValue).initialize(to: Atomic(0)) }
    }

    deinit {
        numbers.deinitialize(count: Limit.allCases.count)
        numbers.deallocate()
    }

    /// How often a limit was met.
    subscript(limit: Limit) -> UInt64 { numbers[limit.rawValue].load(ordering: .relaxed) }

    /// Counts a request that met a limit.
    func add(_ limit: Limit) { numbers[limit.rawValue].wrappingAdd(1, ordering: .relaxed) }
}
