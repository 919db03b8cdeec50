internal import CLinux
import Glibc

extension ListenAddress {
    /// `AF_INET` or `AF_INET6`; one IPv6 socket, which accepts IPv4 too, serves all addresses.
    var family: Int32 {
        if case .v4 = host { return AF_INET }
        return AF_INET6
    }

    /// Lends the address in the form that `bind` takes.
    func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        switch host {
        case .v4(let text):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            inet_pton(AF_INET, text, &address.sin_addr)
            return Self.lend(address, body)
        case .v6(let text):
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            inet_pton(AF_INET6, text, &address.sin6_addr)
            return Self.lend(address, body)
        case .any:
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            return Self.lend(address, body)
        }
    }

    private static func lend<Address, Result>(
        _ address: Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafePointer(to: address) { typed in
            typed.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                body(generic, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }
}
