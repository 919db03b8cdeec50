internal import CSodium

/// The library, made ready once. Before that it takes its slowest code, and its generator is not safe on two threads.
enum Sodium {
    static let isReady: Bool = {
        precondition(sodium_init() >= 0, "libsodium cannot be initialised")
        return true
    }()
}
