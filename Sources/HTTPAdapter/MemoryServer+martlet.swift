public import Application
public import HTTPServer
internal import Threads

extension MemoryServer {
    /// The contract of `docs/http-api.md` without a port. The program that counts what a call costs asks here, so that
    /// no socket disturbs it.
    public convenience init(_ martlet: Martlet, _ configuration: AdapterConfiguration) {
        let service = Service(martlet, configuration)
        self.init(drainLimit: configuration.server.drainLimit) { APIHandler(service, $0) }
        service.counters.withLock { $0 = { [weak self] in self?.counters ?? ServerCounters() } }
    }
}
