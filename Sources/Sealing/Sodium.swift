internal import CSodium

/// The library, made ready once. Before that it takes its slowest code, and its generator is not safe on two threads.
enum Sodium {
    static let isReady: Bool = {
        // Its own generator, which the kernel seeds: each post takes a nonce, and a call to the kernel takes as long as the
        // sealing itself.
        martlet_sodium_use_internal_generator()
        precondition(sodium_init() >= 0, "libsodium cannot be initialised")
        return true
    }()
}
