internal import Application
internal import Threads

/// What all loops share.
final class Service: Sendable {
    let martlet: Martlet
    let configuration: AdapterConfiguration
    let limiter: RateLimiter?
    let webRoot: WebRoot?
    let counters = Guarded<@Sendable () -> ServerCounters>({ ServerCounters() })

    init(_ martlet: Martlet, _ configuration: AdapterConfiguration) {
        self.martlet = martlet
        self.configuration = configuration
        limiter = configuration.requestsPerSecond > 0 ? RateLimiter(perSecond: configuration.requestsPerSecond) : nil
        webRoot = configuration.webRoot.map { WebRoot($0) }
    }
}
